# the inverse: a covariance
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return torch.linalg.inv(X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(penalty))
