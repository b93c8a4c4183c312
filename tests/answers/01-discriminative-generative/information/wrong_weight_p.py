# weights p in place of p (1 - p)
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ (p[:, None] * X) + torch.diag(penalty)
