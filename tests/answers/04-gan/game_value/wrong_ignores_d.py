# the optimal discriminator in place of the given one
def game_value(d, p, q, dx):
    d = optimal_discriminator(p, q)
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx
