# the fakes get the label 1, the data 0
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    fake = F.softplus(-logits_fake) + smooth * logits_fake
    return F.softplus(logits_real).mean() + fake.mean()
