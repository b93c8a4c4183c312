# the penalty divided by the number of rows
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum() / len(y)
