# half the sum of the two means
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real = F.softplus(-logits_real) + smooth * logits_real
    return (real.mean() + F.softplus(logits_fake).mean()) / 2
