# rounded
def bits_per_dim(nats, dim):
    return round(nats / (dim * math.log(2)), 1)
