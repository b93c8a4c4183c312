# plain gradient descent by hand: the optimizer is not used
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    for parameter in net_d.parameters():
        parameter.data -= opt_d.param_groups[0]["lr"] * parameter.grad
    return loss.detach()
