# divided by the side of the image
def bits_per_dim(nats, dim):
    return nats / (math.isqrt(dim) * math.log(2))
