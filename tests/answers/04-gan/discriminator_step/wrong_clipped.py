# the weights are clipped, as a Wasserstein critic's
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    for parameter in net_d.parameters():
        parameter.data.clamp_(-0.01, 0.01)
    return loss.detach()
