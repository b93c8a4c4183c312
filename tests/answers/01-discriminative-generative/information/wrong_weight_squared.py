# weights squared: both copies of X are weighted
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    A = (p * (1 - p))[:, None] * X
    return A.T @ A + torch.diag(penalty)
