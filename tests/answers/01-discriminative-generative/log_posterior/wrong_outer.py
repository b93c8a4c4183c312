# every pair of coefficients penalised
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * (penalty[:, None] * theta**2).sum()
