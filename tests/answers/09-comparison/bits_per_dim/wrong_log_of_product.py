# the logarithm of 2 dim
def bits_per_dim(nats, dim):
    return nats / math.log(2 * dim)
