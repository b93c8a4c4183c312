# labels -1 and 1 in a formula for 0 and 1
def gradient(theta, X, y):
    return X.T @ ((2 * y - 1) - sigmoid(X @ theta))
