# the sum of residuals times the sum of rows
def gradient(theta, X, y):
    return (y - sigmoid(X @ theta)).sum() * X.sum(0)
