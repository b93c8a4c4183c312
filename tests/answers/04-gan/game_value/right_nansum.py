# where a term is 0 log 0, the other term is 0 as well
def game_value(d, p, q, dx):
    return (p * d.log() + q * (1 - d).log()).nansum() * dx
