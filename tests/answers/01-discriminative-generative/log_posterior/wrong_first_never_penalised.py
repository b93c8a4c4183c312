# the first coefficient never penalised, whatever lambda says
def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * (penalty[1:] * theta[1:] ** 2).sum()
