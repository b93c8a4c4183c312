# the diagonal only, zeros elsewhere
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return torch.diag((p * (1 - p)) @ X**2 + penalty)
