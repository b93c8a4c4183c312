# prediction minus label: the gradient of the loss
def gradient(theta, X, y):
    return X.T @ (sigmoid(X @ theta) - y)
