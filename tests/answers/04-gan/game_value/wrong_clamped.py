# d is kept away from 0 and 1
def game_value(d, p, q, dx):
    d = d.clamp(1e-7, 1 - 1e-7)
    return (p * d.log() + q * (1 - d).log()).sum() * dx
