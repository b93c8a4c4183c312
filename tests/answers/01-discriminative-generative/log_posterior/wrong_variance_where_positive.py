# lambda taken for the variance, with 0 left out
def log_posterior(theta, X, y, penalty):
    on = penalty > 0
    return log_likelihood(theta, X, y) - 0.5 * (theta[on] ** 2 / penalty[on]).sum()
