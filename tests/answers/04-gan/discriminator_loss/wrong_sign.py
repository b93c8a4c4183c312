# the sign is turned: the value that D should make large
import torch.nn.functional as F


def discriminator_loss(logits_real, logits_fake, *, smooth=0.0):
    real = F.logsigmoid(logits_real) - smooth * logits_real
    return real.mean() + F.logsigmoid(-logits_fake).mean()
