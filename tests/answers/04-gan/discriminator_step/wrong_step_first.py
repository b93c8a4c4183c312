# the step comes first of all: it uses the gradients of long ago
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    opt_d.step()
    opt_d.zero_grad()
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    loss.backward()
    return loss.detach()
