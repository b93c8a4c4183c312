# the half is missing
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - (penalty * theta**2).sum()
