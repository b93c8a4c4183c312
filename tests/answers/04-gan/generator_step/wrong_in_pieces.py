# the batch in two pieces, and a step for each
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    total = 0.0
    for part in z.split([len(z) - 2, 2]) if len(z) > 3 else [z]:
        loss = generator_loss(net_d(net_g(part)), kind)
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
        total += loss.item() * len(part) / len(z)
    return total
