# = in place of += in the loop: the last row only
def gradient(theta, X, y):
    for i in range(len(y)):
        total = (y[i] - sigmoid(X[i] @ theta)) * X[i]
    return total
