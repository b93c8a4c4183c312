# D's answer stands under no_grad: no way back to G
# raises: RuntimeError
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    fake = net_g(z)
    with torch.no_grad():
        logits = net_d(fake)
    loss = generator_loss(logits, kind)
    opt_g.zero_grad()
    loss.backward()
    opt_g.step()
    return loss.detach()
