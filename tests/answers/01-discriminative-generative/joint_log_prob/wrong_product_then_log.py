# the product of densities, then its log: underflows to -inf in many dimensions or far away
def joint_log_prob(X, prior, mean, var):
    diff = X[:, None, :] - mean
    p = torch.exp(-(diff**2) / (2 * var)) / torch.sqrt(2 * math.pi * var)
    return torch.log(prior * p.prod(dim=2))
