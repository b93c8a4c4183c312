# each density by exp and then log: underflows far from a mean
def joint_log_prob(X, prior, mean, var):
    diff = X[:, None, :] - mean
    p = torch.exp(-(diff**2) / (2 * var)) / torch.sqrt(2 * math.pi * var)
    return torch.log(prior) + torch.log(p).sum(dim=2)
