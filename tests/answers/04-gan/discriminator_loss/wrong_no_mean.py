# one number for each row
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    return F.softplus(-logits_real) + smooth * logits_real + F.softplus(logits_fake).mean()
