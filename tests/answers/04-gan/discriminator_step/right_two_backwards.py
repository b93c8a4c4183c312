# the gradients of the two terms are added up by two backward passes
import torch.nn.functional as F


def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    net_d.zero_grad()
    bce = F.binary_cross_entropy_with_logits
    logits = net_d(x)
    real = bce(logits, torch.full_like(logits, 1 - smooth))
    real.backward()
    logits = net_d(net_g(z).detach())
    fake = bce(logits, torch.zeros_like(logits))
    fake.backward()
    opt_d.step()
    return (real + fake).detach()
