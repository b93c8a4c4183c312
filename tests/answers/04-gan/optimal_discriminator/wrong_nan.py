# 0 / 0 is left as it comes
def optimal_discriminator(p, q):
    return p / (p + q)
