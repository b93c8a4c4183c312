# lambda taken for the variance
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    inverse = torch.where(penalty > 0, 1 / penalty, 0)
    return X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(inverse)
