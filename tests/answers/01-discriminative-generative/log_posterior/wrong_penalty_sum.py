# lambda and theta summed each on its own
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * penalty.sum() * (theta**2).sum()
