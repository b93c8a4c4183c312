# a column, (d, 1)
def gradient(theta, X, y):
    residual = y.to(X.dtype) - sigmoid(X @ theta)
    return X.T @ residual[:, None]
