# the slope of the penalty in place of its curvature
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(penalty * theta)
