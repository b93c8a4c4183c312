# summed over rows and features to one number
def gradient(theta, X, y):
    return ((y - sigmoid(X @ theta))[:, None] * X).sum()
