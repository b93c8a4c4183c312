# summed over features, (n,), in place of over rows
def gradient(theta, X, y):
    return ((y - sigmoid(X @ theta))[:, None] * X).sum(dim=1)
