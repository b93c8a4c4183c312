# divided by the sum over the whole grid
def optimal_discriminator(p, q):
    return p / (p.sum() + q.sum())
