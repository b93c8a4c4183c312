# an optimizer of its own, without memory
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    opt = torch.optim.Adam(net_d.parameters(), lr=opt_d.param_groups[0]["lr"])
    loss = discriminator_loss(net_d(x), net_d(net_g(z).detach()), smooth=smooth)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.detach()
