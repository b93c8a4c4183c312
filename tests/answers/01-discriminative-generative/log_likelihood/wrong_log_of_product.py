# the logarithm of a product that underflows
def log_likelihood(theta, X, y):
    p = sigmoid(X @ theta)
    return torch.log(torch.prod(p**y * (1 - p) ** (1 - y)))
