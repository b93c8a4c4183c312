# D's loss on the fakes is made small: G helps D
import torch.nn.functional as F


def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    loss = F.softplus(net_d(net_g(z))).mean()
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()
