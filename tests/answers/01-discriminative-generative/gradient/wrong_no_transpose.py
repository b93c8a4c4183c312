# X in place of its transpose
# raises: RuntimeError
def gradient(theta, X, y):
    return X @ (y - sigmoid(X @ theta))
