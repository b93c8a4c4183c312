# the penalty added to every row of the matrix, not on the diagonal
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty
