# 2 in place of log 2
def bits_per_dim(nats, dim):
    return nats / (2 * dim)
