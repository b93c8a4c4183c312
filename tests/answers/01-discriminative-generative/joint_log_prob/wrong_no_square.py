# the square of the distance is missing
def joint_log_prob(X, prior, mean, var):
    diff = X[:, None, :] - mean
    terms = -0.5 * torch.log(2 * math.pi * var) - diff / (2 * var)
    return torch.log(prior) + terms.sum(dim=2)
