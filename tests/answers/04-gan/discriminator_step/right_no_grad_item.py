def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    with torch.no_grad():
        fake = net_g(z)
    logits_fake, logits_real = net_d(fake), net_d(x)
    loss = discriminator_loss(logits_real, logits_fake, smooth=smooth)
    opt_d.zero_grad(set_to_none=False)
    loss.backward()
    opt_d.step()
    return loss.item()
