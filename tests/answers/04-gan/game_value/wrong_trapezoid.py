# a trapezoid rule, which gives the ends half their weight
def game_value(d, p, q, dx):
    return torch.trapezoid((torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).flatten(), dx=dx)
