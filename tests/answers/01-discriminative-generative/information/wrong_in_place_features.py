# the caller's features are multiplied by the weights
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    X *= (p * (1 - p)).sqrt()[:, None]
    return X.T @ X + torch.diag(penalty)
