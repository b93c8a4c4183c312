# lambda taken for one over the standard deviation
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta).square().sum()
