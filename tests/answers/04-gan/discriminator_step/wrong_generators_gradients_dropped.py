# the generator's gradients are dropped in place of D's
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    net_g.zero_grad()
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    opt_d.step()
    return loss.detach()
