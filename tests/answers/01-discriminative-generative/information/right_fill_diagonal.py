def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    H = X.T @ (X * (p * (1 - p))[:, None])
    for j in range(len(penalty)):
        H[j, j] += penalty[j]
    return H
