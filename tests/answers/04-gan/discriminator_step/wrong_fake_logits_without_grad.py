# D's answer to the fakes stands under no_grad too
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    with torch.no_grad():
        logits_fake = net_d(net_g(z))
    loss = discriminator_loss(net_d(x), logits_fake, smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()
