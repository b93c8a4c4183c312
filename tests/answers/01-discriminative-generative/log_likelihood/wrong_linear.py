# log-odds in place of the log-probability
def log_likelihood(theta, X, y):
    z = X @ theta
    return (y * z - (1 - y) * z).sum()
