# the gradients are dropped after the step only: what G's step left is added
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    opt_d.step()
    opt_d.zero_grad()
    return loss.detach()
