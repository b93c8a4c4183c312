# the matrix of second derivatives with its own sign
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return -X.T @ ((p * (1 - p))[:, None] * X) - torch.diag(penalty)
