# the longer batch is cut to the other's length
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    n = min(len(x), len(z))
    loss = discriminator_loss(net_d(x[:n]), net_d(net_g(z[:n]).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()
