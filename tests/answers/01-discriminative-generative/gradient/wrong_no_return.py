# no return
def gradient(theta, X, y):
    residual = y - sigmoid(X @ theta)
    X.T @ residual
