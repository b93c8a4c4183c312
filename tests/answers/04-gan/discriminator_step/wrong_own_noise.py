# draws noise of its own
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    fake = net_g(torch.randn_like(z)).detach()
    loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()
