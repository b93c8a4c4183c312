# an optimizer of its own, without memory
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    opt = torch.optim.Adam(net_g.parameters(), lr=opt_g.param_groups[0]["lr"])
    loss = generator_loss(net_d(net_g(z)), kind)
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss.detach()
