def log_posterior(theta, X, y, penalty):
    value = float(log_likelihood(theta, X, y))
    for j in range(len(theta)):
        value -= 0.5 * float(penalty[j]) * float(theta[j]) ** 2
    return value
