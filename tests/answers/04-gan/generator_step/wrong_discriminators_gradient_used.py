# G's optimizer is stepped after a backward pass of D's loss, on data of its own making
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    fake = net_g(z)
    loss = discriminator_loss(net_d(fake.detach()), net_d(fake))
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()
