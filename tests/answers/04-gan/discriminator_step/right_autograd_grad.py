def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    parameters = list(net_d.parameters())
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = slope
    opt_d.step()
    return loss
