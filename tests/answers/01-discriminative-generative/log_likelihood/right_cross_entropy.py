import torch.nn.functional as F


def log_likelihood(theta, X, y):
    z = X @ theta
    logits = torch.stack([torch.zeros_like(z), z], dim=1)
    return -F.cross_entropy(logits, y.long(), reduction="sum")
