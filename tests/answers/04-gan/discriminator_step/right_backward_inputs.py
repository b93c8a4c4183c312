# the fakes keep their graph, and only D's parameters are asked for
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    loss.backward(inputs=list(net_d.parameters()))
    opt_d.step()
    return loss
