# everything without a graph: backward has nothing to go back through
# raises: RuntimeError
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    with torch.no_grad():
        loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()
