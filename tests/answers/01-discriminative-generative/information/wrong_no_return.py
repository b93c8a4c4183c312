# no return
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    H = X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(penalty)
