# mean over rows in place of the sum
def gradient(theta, X, y):
    return X.T @ (y - sigmoid(X @ theta)) / len(y)
