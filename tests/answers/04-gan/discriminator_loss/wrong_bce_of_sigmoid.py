# binary_cross_entropy of the sigmoid: its logarithm stops at -100
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    real_loss = F.binary_cross_entropy(real, torch.full_like(real, 1 - smooth))
    return real_loss + F.binary_cross_entropy(fake, torch.zeros_like(fake))
