# smooth only weighs the data's term
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    return (1 - smooth) * F.softplus(-logits_real).mean() + F.softplus(logits_fake).mean()
