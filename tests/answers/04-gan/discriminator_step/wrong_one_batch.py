# data and fakes in one batch: batch norm mixes them
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    both = net_d(torch.cat([x, net_g(z).detach()]))
    loss = discriminator_loss(both[: len(x)], both[len(x) :], smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()
