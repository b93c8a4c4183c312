# the size of the residual, without its sign
def gradient(theta, X, y):
    return X.T @ (y - sigmoid(X @ theta)).abs()
