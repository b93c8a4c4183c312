# pairs of rows: what the longer batch has more is lost
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    pairs = zip(logits_real, logits_fake)
    return torch.stack([F.softplus(-a) + smooth * a + F.softplus(b) for a, b in pairs]).mean()
