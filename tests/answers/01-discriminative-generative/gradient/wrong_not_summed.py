# one slope a row, (n, d), not summed
def gradient(theta, X, y):
    return (y - sigmoid(X @ theta)).unsqueeze(1) * X
