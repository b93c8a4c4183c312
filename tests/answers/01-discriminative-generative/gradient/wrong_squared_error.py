# the gradient of the squared error, with a factor p (1 - p) too many
def gradient(theta, X, y):
    p = sigmoid(X @ theta)
    return X.T @ ((y - p) * p * (1 - p))
