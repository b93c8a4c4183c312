# binary_cross_entropy of the sigmoid: its logarithm stops at -100
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    p = torch.sigmoid(logits_fake)
    if kind == "minimax":
        return -F.binary_cross_entropy(p, torch.zeros_like(p))
    return F.binary_cross_entropy(p, torch.ones_like(p))
