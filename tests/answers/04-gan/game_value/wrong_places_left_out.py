# every place where d is 0 or 1 is left out, also where it costs
def game_value(d, p, q, dx):
    keep = (d > 0) & (d < 1)
    d, p, q = d[keep], p[keep], q[keep]
    return (p * d.log() + q * (1 - d).log()).sum() * dx
