# the loss after the step
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return generator_loss(net_d(net_g(z)), kind).detach()
