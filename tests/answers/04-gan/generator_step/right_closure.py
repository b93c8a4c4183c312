def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    def closure():
        opt_g.zero_grad()
        loss = generator_loss(net_d(net_g(z)), kind)
        loss.backward()
        return loss

    return opt_g.step(closure)
