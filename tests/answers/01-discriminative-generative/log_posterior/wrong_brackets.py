# brackets: half of the whole
def log_posterior(theta, X, y, penalty):
    return (log_likelihood(theta, X, y) - (penalty * theta**2).sum()) / 2
