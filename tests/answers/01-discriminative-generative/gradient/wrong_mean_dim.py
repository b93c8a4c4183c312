# mean over rows in place of the sum, by .mean(0)
def gradient(theta, X, y):
    return ((y - sigmoid(X @ theta))[:, None] * X).mean(0)
