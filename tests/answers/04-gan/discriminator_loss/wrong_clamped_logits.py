# the logits are clamped: no gradient beyond
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    a, b = logits_real.clamp(-50, 50), logits_fake.clamp(-50, 50)
    return (F.softplus(-a) + smooth * a).mean() + F.softplus(b).mean()
