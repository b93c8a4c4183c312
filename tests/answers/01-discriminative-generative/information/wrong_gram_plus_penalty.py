# rows against rows, (n, n), which does not fit to the penalty
# raises: RuntimeError
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    A = (p * (1 - p)).sqrt()[:, None] * X
    return A @ A.T + torch.diag(penalty)
