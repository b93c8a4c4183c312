# theta is moved by the slope
def gradient(theta, X, y):
    g = X.T @ (y - sigmoid(X @ theta))
    theta += 0.1 * g
    return g
