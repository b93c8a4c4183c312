# a whole round: G's step follows at once
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    opt_g = torch.optim.Adam(net_g.parameters(), lr=1e-3)
    generator_loss(net_d(net_g(z))).backward()
    opt_g.step()
    return loss.detach()
