# the mean logits of each batch are compared
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    real, fake = net_d(x).mean(), net_d(net_g(z).detach()).mean()
    loss = discriminator_loss(real[None], fake[None], smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()
