def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    weight = p * (1 - p)
    return X.T @ (weight[:, None] * X) + torch.diag(penalty)
