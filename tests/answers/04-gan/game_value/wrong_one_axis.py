# sums over the last axis alone
def game_value(d, p, q, dx):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(-1) * dx
