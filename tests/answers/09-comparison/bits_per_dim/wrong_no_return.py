# nothing comes back
def bits_per_dim(nats, dim):
    bits = nats / (dim * math.log(2))
