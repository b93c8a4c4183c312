# the last lambda for all but the first coefficient
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * penalty[-1] * (theta[1:] ** 2).sum()
