def cumulative_alpha(beta):
    return torch.log1p(-beta).cumsum(0).exp()
