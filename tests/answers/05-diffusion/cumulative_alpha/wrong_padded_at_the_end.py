# the products first, padded at the wrong end
def cumulative_alpha(beta):
    return torch.cat([(1 - beta[1:]).cumprod(0), torch.ones(1, dtype=beta.dtype)])
