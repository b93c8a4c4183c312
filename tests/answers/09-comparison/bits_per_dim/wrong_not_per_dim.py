# the bits of a whole image, not of a dimension
def bits_per_dim(nats, dim):
    return nats / math.log(2)
