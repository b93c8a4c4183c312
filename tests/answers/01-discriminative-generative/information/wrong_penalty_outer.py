# the outer product of the penalty in place of its diagonal matrix
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + torch.outer(penalty, penalty)
