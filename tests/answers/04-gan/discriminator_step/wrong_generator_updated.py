# G is trained too, on D's loss
def discriminator_step(net_g, net_d, x, z, opt_d, *, smooth=0.0):
    opt = torch.optim.SGD(net_g.parameters(), lr=0.01)
    loss = discriminator_loss(net_d(x), net_d(net_g(z)), smooth=smooth)
    opt_d.zero_grad()
    opt.zero_grad()
    loss.backward()
    opt_d.step()
    opt.step()
    return loss.detach()
