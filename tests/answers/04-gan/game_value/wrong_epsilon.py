# a small number inside the logarithms
def game_value(d, p, q, dx):
    return (p * (d + 1e-8).log() + q * (1 - d + 1e-8).log()).sum() * dx
