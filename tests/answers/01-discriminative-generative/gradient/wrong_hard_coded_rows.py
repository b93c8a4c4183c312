# divided by a number of rows that is written down
def gradient(theta, X, y):
    return X.T @ (y - sigmoid(X @ theta)) / 5
