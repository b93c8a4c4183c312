def gradient(theta, X, y):
    return X.T @ (y - sigmoid(X @ theta))
