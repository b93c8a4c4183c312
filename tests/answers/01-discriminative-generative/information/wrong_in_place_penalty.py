# the caller's penalty becomes the diagonal of the result
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    H = X.T @ ((p * (1 - p))[:, None] * X)
    penalty += H.diagonal()
    H.diagonal().copy_(penalty)
    return H
