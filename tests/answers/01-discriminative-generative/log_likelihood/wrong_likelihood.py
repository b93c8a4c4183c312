# the likelihood, without the logarithm
def log_likelihood(theta, X, y):
    p = sigmoid(X @ theta)
    return torch.where(y == 1, p, 1 - p).prod()
