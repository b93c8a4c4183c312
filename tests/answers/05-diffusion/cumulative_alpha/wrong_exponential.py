# exp(-sum beta), which is right for small betas only
def cumulative_alpha(beta):
    return torch.exp(-beta.cumsum(0))
