# divided by the logarithm of the 256 levels
def bits_per_dim(nats, dim):
    return nats / (dim * math.log(256))
