# one step for the data, a second for the fakes
import torch.nn.functional as F


def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    logits = net_d(x)
    real = (F.softplus(-logits) + smooth * logits).mean()
    opt_d.zero_grad()
    real.backward()
    opt_d.step()
    fake = F.softplus(net_d(net_g(z).detach())).mean()
    opt_d.zero_grad()
    fake.backward()
    opt_d.step()
    return (real + fake).detach()
