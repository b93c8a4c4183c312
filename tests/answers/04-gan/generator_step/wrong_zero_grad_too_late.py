# the gradients are dropped between backward and step
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    loss = generator_loss(net_d(net_g(z)), kind)
    loss.backward()
    opt_g.zero_grad()
    opt_g.step()
    return loss.detach()
