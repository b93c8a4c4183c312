# the labels 0 and 1 swapped
def gradient(theta, X, y):
    return X.T @ ((1 - y) - sigmoid(X @ theta))
