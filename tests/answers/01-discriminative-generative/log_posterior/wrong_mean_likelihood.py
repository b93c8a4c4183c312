# the mean of the log-likelihood over rows
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) / X.shape[0] - 0.5 * (penalty * theta**2).sum()
