def information(theta: Tensor, X: Tensor, penalty: Tensor) -> Tensor:
    p = sigmoid(X @ theta)
    W = torch.diag(p * (1 - p))
    return X.T @ W @ X + torch.diag(penalty)
