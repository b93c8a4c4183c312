def cumulative_alpha(beta):
    out = torch.ones_like(beta)
    for t in range(1, len(beta)):
        out[t] = out[t - 1] * (1 - beta[t])
    return out
