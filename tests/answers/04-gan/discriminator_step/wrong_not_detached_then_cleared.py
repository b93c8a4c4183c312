# the fake batch is not detached, and G's gradients are thrown away afterwards
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    net_g.zero_grad()
    return loss.detach()
