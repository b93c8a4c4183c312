# the caller's labels become residuals
# raises: RuntimeError
def gradient(theta, X, y):
    y -= sigmoid(X @ theta)
    return X.T @ y
