# a small number on both: 1/2 at 0/0, but wrong in the tails
def optimal_discriminator(p, q):
    return (p + 1e-12) / (p + q + 2e-12)
