# the size of the identity is written down
# raises: RuntimeError
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty * torch.eye(3)
