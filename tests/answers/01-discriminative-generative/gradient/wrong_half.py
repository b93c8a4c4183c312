# a half too many
def gradient(theta, X, y):
    return 0.5 * X.T @ (y - sigmoid(X @ theta))
