# rows against rows, (n, n)
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    A = (p * (1 - p)).sqrt()[:, None] * X
    return A @ A.T
