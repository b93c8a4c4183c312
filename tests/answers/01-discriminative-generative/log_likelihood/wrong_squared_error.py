# minus the squared error
def log_likelihood(theta, X, y):
    return -((y - sigmoid(X @ theta)) ** 2).sum()
