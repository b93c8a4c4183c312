# the predicted class in place of its probability
def gradient(theta, X, y):
    return X.T @ (y - (X @ theta > 0).to(X.dtype))
