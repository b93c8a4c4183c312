# the argument kind is not handed on
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    loss = generator_loss(net_d(net_g(z)))
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()
