# nats, not bits
def bits_per_dim(nats, dim):
    return nats / dim
