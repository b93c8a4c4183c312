# sums over the batches
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real = F.softplus(-logits_real) + smooth * logits_real
    return real.sum() + F.softplus(logits_fake).sum()
