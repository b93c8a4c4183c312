# labels made float64, whatever the type of X
# raises: RuntimeError
def gradient(theta, X, y):
    return X.T @ (y.double() - sigmoid(X @ theta))
