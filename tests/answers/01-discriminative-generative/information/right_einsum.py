def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return torch.einsum("n,ni,nj->ij", p * (1 - p), X, X) + penalty.diag()
