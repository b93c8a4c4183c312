# 0 log 0 is left as it comes: NaN
def game_value(d, p, q, dx):
    return (p * d.log() + q * (1 - d).log()).sum() * dx
