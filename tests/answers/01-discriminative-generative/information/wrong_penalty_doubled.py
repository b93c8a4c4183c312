# twice the penalty
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + 2 * torch.diag(penalty)
