# the prediction is missing
def gradient(theta, X, y):
    return X.T @ y.to(X.dtype)
