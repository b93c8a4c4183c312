# the fakes' term is missing
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    return (F.softplus(-logits_real) + smooth * logits_real).mean()
