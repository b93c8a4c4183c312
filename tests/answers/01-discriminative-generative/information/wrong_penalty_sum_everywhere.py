# the sum of the penalties added to every entry
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty.sum()
