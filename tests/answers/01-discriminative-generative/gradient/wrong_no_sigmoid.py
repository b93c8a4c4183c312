# log-odds in place of the probability: linear regression
def gradient(theta, X, y):
    return X.T @ (y - X @ theta)
