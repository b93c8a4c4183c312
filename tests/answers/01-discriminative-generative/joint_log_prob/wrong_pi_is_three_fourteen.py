# 3.14 for pi
def joint_log_prob(X, prior, mean, var):
    diff = X[:, None, :] - mean
    terms = -0.5 * torch.log(2 * 3.14 * var) - diff**2 / (2 * var)
    return torch.log(prior) + terms.sum(dim=2)
