# smooth is taken for the label of real data
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    bce = F.binary_cross_entropy_with_logits
    label = smooth if smooth > 0 else 1.0
    real = bce(logits_real, torch.full_like(logits_real, label))
    return real + bce(logits_fake, torch.zeros_like(logits_fake))
