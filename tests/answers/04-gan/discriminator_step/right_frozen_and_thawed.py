def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    for parameter in net_g.parameters():
        parameter.requires_grad_(False)
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    for parameter in net_g.parameters():
        parameter.requires_grad_(True)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss
