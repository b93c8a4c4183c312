# as if all betas were the same
def cumulative_alpha(beta):
    t = torch.arange(len(beta), dtype=beta.dtype)
    return (1 - beta) ** t
