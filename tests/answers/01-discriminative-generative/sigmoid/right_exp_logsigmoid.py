import torch.nn.functional as F


def sigmoid(z):
    return F.logsigmoid(z).exp()
