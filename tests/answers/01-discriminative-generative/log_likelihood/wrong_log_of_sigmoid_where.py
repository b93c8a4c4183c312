# the logarithm of a sigmoid that has become 0, without 0 times infinity
def log_likelihood(theta, X, y):
    p = sigmoid(X @ theta)
    return torch.where(y == 1, p, 1 - p).log().sum()
