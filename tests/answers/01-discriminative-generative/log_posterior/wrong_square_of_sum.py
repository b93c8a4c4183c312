# the square of the sum in place of the sum of squares
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta).sum() ** 2
