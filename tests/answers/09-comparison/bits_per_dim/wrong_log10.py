# decimal digits
def bits_per_dim(nats, dim):
    return nats / (dim * math.log(10))
