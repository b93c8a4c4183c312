from torch.nn.functional import logsigmoid


def log_likelihood(theta, X, y):
    y = y.float()
    z = X @ theta
    return torch.sum(y * logsigmoid(z) + (1 - y) * logsigmoid(-z))
