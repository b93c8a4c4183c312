def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    for parameter in net_g.parameters():
        parameter.grad = None
    with torch.enable_grad():
        logits = net_d(net_g(z))
        loss = generator_loss(logits, kind)
        loss.backward()
    opt_g.step()
    return loss.detach().clone()
