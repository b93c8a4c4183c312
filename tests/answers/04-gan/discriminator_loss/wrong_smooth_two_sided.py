# the fakes' label is smoothed too
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    bce = F.binary_cross_entropy_with_logits
    real = bce(logits_real, torch.full_like(logits_real, 1 - smooth))
    return real + bce(logits_fake, torch.full_like(logits_fake, smooth))
