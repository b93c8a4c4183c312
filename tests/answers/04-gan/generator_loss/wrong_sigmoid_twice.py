# a sigmoid before a loss that takes logits
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    p = torch.sigmoid(logits_fake)
    if kind == "minimax":
        return -F.binary_cross_entropy_with_logits(p, torch.zeros_like(p))
    return F.binary_cross_entropy_with_logits(p, torch.ones_like(p))
