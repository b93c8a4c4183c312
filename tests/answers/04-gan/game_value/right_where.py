def game_value(d, p, q, dx):
    real = torch.where(p > 0, p * torch.log(d), torch.zeros_like(p))
    fake = torch.where(q > 0, q * torch.log1p(-d), torch.zeros_like(q))
    return torch.sum(real + fake) * dx
