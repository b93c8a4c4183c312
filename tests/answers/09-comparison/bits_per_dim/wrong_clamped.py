# a density may be above 1, and its bits below 0
def bits_per_dim(nats, dim):
    return max(0.0, nats / (dim * math.log(2)))
