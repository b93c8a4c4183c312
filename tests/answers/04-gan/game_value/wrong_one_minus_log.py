# 1 - log d for log(1 - d)
def game_value(d, p, q, dx):
    return (torch.xlogy(p, d) + q * (1 - torch.where(q > 0, d, 1.0).log())).sum() * dx
