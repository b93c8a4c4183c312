# the gradients that D happens to hold move it
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    lr = opt_g.param_groups[0]["lr"]
    for p in net_d.parameters():
        p.data += lr * p.grad
    return loss.detach()
