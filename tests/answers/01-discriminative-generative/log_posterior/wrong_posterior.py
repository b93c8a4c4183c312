# the density in place of its logarithm
def log_posterior(theta, X, y, penalty):
    return torch.exp(log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum())
