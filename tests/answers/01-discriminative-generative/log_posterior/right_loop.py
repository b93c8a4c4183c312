def log_posterior(theta, X, y, penalty):
    value = log_likelihood(theta, X, y)
    for lam, t in zip(penalty, theta):
        value = value - lam * t * t / 2
    return value
