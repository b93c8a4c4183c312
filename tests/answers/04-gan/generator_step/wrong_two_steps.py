# two steps
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    for _ in range(2):
        loss = generator_loss(net_d(net_g(z)), kind)
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
    return loss.detach()
