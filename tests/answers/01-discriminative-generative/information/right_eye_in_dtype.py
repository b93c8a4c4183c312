def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return (X.T * (p * (1 - p))) @ X + torch.eye(X.shape[1], dtype=X.dtype) * penalty
