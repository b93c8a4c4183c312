# a sigmoid before a loss that takes logits
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    bce = F.binary_cross_entropy_with_logits
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    return bce(real, torch.full_like(real, 1 - smooth)) + bce(fake, torch.zeros_like(fake))
