import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real = (1 - smooth) * F.logsigmoid(logits_real) + smooth * F.logsigmoid(-logits_real)
    return -(real.mean() + F.logsigmoid(-logits_fake).mean())
