# D sees no fakes
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    loss = torch.nn.functional.softplus(-net_d(x)).mean()
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()
