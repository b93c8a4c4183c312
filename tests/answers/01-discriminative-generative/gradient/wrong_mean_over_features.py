# divided by the number of features
def gradient(theta, X, y):
    return X.T @ (y - sigmoid(X @ theta)) / X.shape[1]
