# the penalty taken for one more row of X
def information(theta, X, penalty):
    A = torch.cat([X, penalty[None]])
    p = sigmoid(A @ theta)
    return A.T @ ((p * (1 - p))[:, None] * A)
