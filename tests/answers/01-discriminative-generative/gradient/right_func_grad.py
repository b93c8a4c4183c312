import torch.nn.functional as F


def gradient(theta, X, y):
    sign = torch.where(y == 1, 1, -1)
    return torch.func.grad(lambda t: F.logsigmoid(sign * (X @ t)).sum())(theta)
