# -log d for log(1 - d), as the non-saturating loss has it
def game_value(d, p, q, dx):
    return (torch.xlogy(p, d) - torch.xlogy(q, d)).sum() * dx
