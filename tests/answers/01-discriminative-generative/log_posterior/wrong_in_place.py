# the caller's theta is squared
def log_posterior(theta, X, y, penalty):
    value = log_likelihood(theta, X, y)
    theta.pow_(2)
    return value - 0.5 * (penalty * theta).sum()
