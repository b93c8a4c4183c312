# alpha_bar of the step before
def cumulative_alpha(beta):
    bar = (1 - beta).cumprod(0)
    return torch.cat([torch.ones(1, dtype=beta.dtype), bar[:-1]])
