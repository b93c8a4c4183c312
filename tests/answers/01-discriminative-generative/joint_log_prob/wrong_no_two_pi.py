# the 2 pi is missing
def joint_log_prob(X, prior, mean, var):
    diff = X[:, None, :] - mean
    return torch.log(prior) + (-0.5 * torch.log(var) - diff**2 / (2 * var)).sum(dim=2)
