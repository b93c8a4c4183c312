# the residuals, (n,), without the features
def gradient(theta, X, y):
    return y - sigmoid(X @ theta)
