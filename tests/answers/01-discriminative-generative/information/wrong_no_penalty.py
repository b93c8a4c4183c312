# the penalty is missing
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X)
