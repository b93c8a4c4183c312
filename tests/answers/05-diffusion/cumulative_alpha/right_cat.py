def cumulative_alpha(beta):
    products = torch.cumprod(1.0 - beta[1:], dim=0)
    return torch.cat([torch.ones(1, dtype=beta.dtype), products])
