# a sigmoid of its own that is inf / inf on the right
def gradient(theta, X, y):
    e = torch.exp(X @ theta)
    return X.T @ (y - e / (1 + e))
