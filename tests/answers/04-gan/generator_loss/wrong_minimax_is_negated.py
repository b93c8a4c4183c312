# minimax as minus the non-saturating loss
import torch.nn.functional as F


def generator_loss(logits_fake, kind="non_saturating"):
    loss = F.softplus(-logits_fake).mean()
    return -loss if kind == "minimax" else loss
