# multiplied with log 2
def bits_per_dim(nats, dim):
    return nats * math.log(2) / dim
