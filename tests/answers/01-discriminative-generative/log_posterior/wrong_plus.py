# the penalty added in place of taken off
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) + 0.5 * (penalty * theta**2).sum()
