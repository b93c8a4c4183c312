# the gradient is cut short
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net_g.parameters(), 0.01)
    opt_g.step()
    return loss.detach()
