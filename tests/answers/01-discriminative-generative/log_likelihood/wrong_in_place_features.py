# the caller's features change sign where y = 0
def log_likelihood(theta, X, y):
    X[y == 0] *= -1
    return torch.nn.functional.logsigmoid(X @ theta).sum()
