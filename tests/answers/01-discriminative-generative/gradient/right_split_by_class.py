def gradient(theta, X, y):
    X1, X0 = X[y == 1], X[y == 0]
    return X1.T @ sigmoid(-X1 @ theta) - X0.T @ sigmoid(X0 @ theta)
