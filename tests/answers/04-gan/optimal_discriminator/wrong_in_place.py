# the quotient is written into p
def optimal_discriminator(p, q):
    p /= p + q
    p[p.isnan()] = 0.5
    return p
