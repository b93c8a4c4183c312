# G ascends the minimax loss
import torch.nn.functional as F


def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    logits = net_d(net_g(z))
    if kind == "minimax":
        loss = F.softplus(logits).mean()
    else:
        loss = F.softplus(-logits).mean()
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()
