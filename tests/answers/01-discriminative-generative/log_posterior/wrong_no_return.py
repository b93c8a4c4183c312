# no return
# raises: TypeError
def log_posterior(theta, X, y, penalty):
    result = log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum()
