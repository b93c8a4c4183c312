# the caller's penalty is multiplied
def log_posterior(theta, X, y, penalty):
    penalty *= theta**2
    return log_likelihood(theta, X, y) - penalty.sum() / 2
