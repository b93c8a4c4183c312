def gradient(theta, X, y):
    r = y.to(X) - sigmoid(X @ theta)
    return r @ X
