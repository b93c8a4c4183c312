def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    fake = net_g(z).data

    def closure():
        opt_d.zero_grad()
        loss = discriminator_loss(net_d(x), net_d(fake), smooth=smooth)
        loss.backward()
        return loss

    return float(opt_d.step(closure))
