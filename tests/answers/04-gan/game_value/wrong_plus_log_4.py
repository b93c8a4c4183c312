# log 4 is added: twice the Jensen-Shannon divergence
def game_value(d, p, q, dx):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx + math.log(4)
