# D is trained too, on G's loss: it learns to be fooled
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    opt = torch.optim.Adam([*net_g.parameters(), *net_d.parameters()], lr=1e-3)
    loss = generator_loss(net_d(net_g(z)), kind)
    opt.zero_grad()
    loss.backward()
    opt_g.step()
    opt.step()
    return loss.detach()
