# logarithms to the base 2
def game_value(d, p, q, dx):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx / math.log(2)
