import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real = (1 - smooth) * F.softplus(-logits_real) + smooth * F.softplus(logits_real)
    return real.mean() + F.softplus(logits_fake).mean()
