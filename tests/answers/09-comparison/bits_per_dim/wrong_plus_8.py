# eight bits too many: the data are quantised already
def bits_per_dim(nats, dim):
    return nats / (dim * math.log(2)) + 8
