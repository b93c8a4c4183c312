# the integrand, one number for each place
def game_value(d, p, q, dx):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)) * dx
