# G makes the fakes in evaluation mode, and is put back
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    net_g.eval()
    fake = net_g(z).detach()
    net_g.train()
    loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()
