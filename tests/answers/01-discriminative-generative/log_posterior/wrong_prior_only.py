# the prior without the likelihood
def log_posterior(theta, X, y, penalty):
    return -0.5 * (penalty * theta**2).sum()
