# the first coefficient penalised like the second, whatever lambda says
def log_posterior(theta, X, y, penalty):
    lam = penalty.clone()
    lam[0] = lam[1]
    return log_likelihood(theta, X, y) - 0.5 * (lam * theta**2).sum()
