def cumulative_alpha(beta):
    return torch.stack([(1 - beta[: t + 1]).prod() for t in range(len(beta))])
