def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    loss = generator_loss(net_d(net_g(z)), kind)
    weights = [p for group in opt_g.param_groups for p in group["params"]]
    for p, slope in zip(weights, torch.autograd.grad(loss, weights)):
        p.grad = slope
    opt_g.step()
    return loss
