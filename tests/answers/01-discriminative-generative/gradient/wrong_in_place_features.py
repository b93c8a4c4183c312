# the caller's features are multiplied by the residuals
def gradient(theta, X, y):
    X *= (y - sigmoid(X @ theta))[:, None]
    return X.sum(0)
