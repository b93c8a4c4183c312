# the density is kept above 1e-300 before the log
def joint_log_prob(X, prior, mean, var):
    diff = X[:, None, :] - mean
    p = torch.exp(-(diff**2) / (2 * var)) / torch.sqrt(2 * math.pi * var)
    return torch.log((prior * p.prod(dim=2)).clamp(min=1e-300))
