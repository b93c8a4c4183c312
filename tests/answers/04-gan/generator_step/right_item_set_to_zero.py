def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    fake = net_g(z)
    loss = generator_loss(net_d(fake), kind=kind)
    opt_g.zero_grad(set_to_none=False)
    loss.backward()
    opt_g.step()
    return loss.item()
