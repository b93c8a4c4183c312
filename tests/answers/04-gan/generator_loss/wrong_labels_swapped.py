# the label 0 for what should pass as real
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    bce = F.binary_cross_entropy_with_logits
    if kind == "minimax":
        return -bce(logits_fake, torch.ones_like(logits_fake))
    return bce(logits_fake, torch.zeros_like(logits_fake))
