# the number of features is written down
def gradient(theta, X, y):
    residual = y - sigmoid(X @ theta)
    return torch.stack([(residual * X[:, j]).sum() for j in range(4)])
