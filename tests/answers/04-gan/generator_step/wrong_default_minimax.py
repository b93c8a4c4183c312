# minimax is the default
def generator_step(net_g, net_d, z, opt_g, kind="minimax"):
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()
