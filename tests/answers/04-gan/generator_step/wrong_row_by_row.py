# one step for each row
def generator_step(net_g, net_d, z, opt_g, kind="non_saturating"):
    total = 0.0
    for row in z:
        loss = generator_loss(net_d(net_g(torch.stack([row, row]))), kind)
        opt_g.zero_grad()
        loss.backward()
        opt_g.step()
        total += loss.item() / len(z)
    return total
