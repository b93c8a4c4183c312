# the diagonal only, a vector
def information(theta, X, penalty):
    p = sigmoid(X @ theta)
    return (p * (1 - p)) @ X**2 + penalty
