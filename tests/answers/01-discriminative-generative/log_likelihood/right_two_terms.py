import torch.nn.functional as F


def log_likelihood(theta, X, y):
    y = y.to(X.dtype)
    z = X @ theta
    return (y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).sum()
