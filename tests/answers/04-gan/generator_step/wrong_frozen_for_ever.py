# D is frozen and never thawed: it will not learn again
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    for p in net_d.parameters():
        p.requires_grad = False
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()
