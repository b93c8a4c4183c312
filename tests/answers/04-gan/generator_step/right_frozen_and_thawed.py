# D is frozen meanwhile, and thawed again
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    net_d.requires_grad_(False)
    loss = generator_loss(net_d(net_g(z)), kind)
    net_g.zero_grad()
    loss.backward()
    opt_g.step()
    net_d.requires_grad_(True)
    return loss
