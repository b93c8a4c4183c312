# the loss of the mean logit
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    a, b = logits_real.mean(), logits_fake.mean()
    return F.softplus(-a) + smooth * a + F.softplus(b)
