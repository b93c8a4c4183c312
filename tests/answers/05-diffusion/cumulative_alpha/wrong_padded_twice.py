# another 1 in front: T + 2 entries
def cumulative_alpha(beta):
    return torch.cat([torch.ones(1, dtype=beta.dtype), (1 - beta).cumprod(0)])
