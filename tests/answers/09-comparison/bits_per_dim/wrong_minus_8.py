# bits saved, not bits used
def bits_per_dim(nats, dim):
    return 8 - nats / (dim * math.log(2))
