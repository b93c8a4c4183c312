# no penalty
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y)
