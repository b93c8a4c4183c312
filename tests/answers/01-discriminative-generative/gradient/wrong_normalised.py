# the direction only, of length 1
def gradient(theta, X, y):
    g = X.T @ (y - sigmoid(X @ theta))
    return g / g.norm()
