# one number a coefficient: the penalty is not summed
# raises: ValueError
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - penalty * theta**2 / 2
