# one weight for all rows, their mean
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return (p * (1 - p)).mean() * X.T @ X + torch.diag(penalty)
