def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * theta @ torch.diag(penalty) @ theta
