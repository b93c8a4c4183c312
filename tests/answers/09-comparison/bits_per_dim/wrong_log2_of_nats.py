# the logarithm of a logarithm
def bits_per_dim(nats, dim):
    return math.log2(abs(nats) + 1e-300) / dim
