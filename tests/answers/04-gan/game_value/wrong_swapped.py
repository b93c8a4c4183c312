# p and q change places
def game_value(d, p, q, dx):
    return (torch.xlogy(q, d) + torch.xlogy(p, 1 - d)).sum() * dx
