def game_value(d, p, q, dx):
    data, fake = p > 0, q > 0
    value = (p[data] * d[data].log()).sum() + (q[fake] * (1 - d[fake]).log()).sum()
    return value * dx
