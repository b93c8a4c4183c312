# weights 1 - p in place of p (1 - p)
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ ((1 - p)[:, None] * X) + torch.diag(penalty)
