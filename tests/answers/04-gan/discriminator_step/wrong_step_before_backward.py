# the step comes before the gradients: always one late
# raises: RuntimeError
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.step()
    opt_d.zero_grad()
    loss.backward()
    return loss.detach()
