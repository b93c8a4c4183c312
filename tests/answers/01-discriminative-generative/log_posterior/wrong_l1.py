# absolute values in place of squares
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta.abs()).sum()
