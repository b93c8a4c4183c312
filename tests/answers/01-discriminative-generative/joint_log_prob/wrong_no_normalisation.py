# only the exponent: the log of 2 pi var is missing
def joint_log_prob(X, prior, mean, var):
    diff = X[:, None, :] - mean
    return torch.log(prior) - (diff**2 / (2 * var)).sum(dim=2)
