def log_posterior(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - (penalty.sqrt() * theta).norm() ** 2 / 2
