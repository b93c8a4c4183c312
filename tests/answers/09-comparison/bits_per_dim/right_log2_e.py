def bits_per_dim(nats, dim):
    return nats * math.log2(math.e) / dim
