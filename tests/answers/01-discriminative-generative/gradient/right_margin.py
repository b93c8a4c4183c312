def gradient(theta, X, y):
    # d/dm log sigmoid(m) = sigmoid(-m), and m = sign z
    sign = 2 * y.to(X.dtype) - 1
    return X.T @ (sign * sigmoid(-sign * (X @ theta)))
