# no square at all
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta).sum()
