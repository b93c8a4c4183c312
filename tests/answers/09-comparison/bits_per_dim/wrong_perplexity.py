# the perplexity
def bits_per_dim(nats, dim):
    return 2 ** (nats / (dim * math.log(2)))
