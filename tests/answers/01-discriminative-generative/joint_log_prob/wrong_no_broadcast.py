# X - mean without a new axis, which torch refuses
# raises: RuntimeError
def joint_log_prob(X, prior, mean, var):
    terms = -0.5 * torch.log(2 * math.pi * var) - (X - mean) ** 2 / (2 * var)
    return torch.log(prior) + terms.sum(dim=1)
