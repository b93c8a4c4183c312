# summed to one number
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return ((p * (1 - p))[:, None] * X**2).sum() + penalty.sum()
