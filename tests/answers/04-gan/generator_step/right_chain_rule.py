# the chain rule in two parts: dloss/dx through D, then through G
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    fake = net_g(z)
    leaf = fake.detach().requires_grad_()
    loss = generator_loss(net_d(leaf), kind)
    (pull,) = torch.autograd.grad(loss, leaf)
    opt_g.zero_grad()
    fake.backward(pull)
    opt_g.step()
    return loss.detach()
