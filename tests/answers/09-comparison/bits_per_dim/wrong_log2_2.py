# the logarithm of 2 to the base 2 is 1
def bits_per_dim(nats, dim):
    return nats / (dim * math.log2(2))
