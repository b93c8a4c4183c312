# a small number in the denominator
def optimal_discriminator(p, q):
    return p / (p + q + 1e-8)
