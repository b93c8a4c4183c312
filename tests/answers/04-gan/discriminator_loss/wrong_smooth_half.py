# the label of a classifier with two classes: 1 - smooth / 2
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real = F.softplus(-logits_real) + smooth / 2 * logits_real
    return real.mean() + F.softplus(logits_fake).mean()
