# the square of a sum, with the root of lambda
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * (penalty.sqrt() @ theta) ** 2
