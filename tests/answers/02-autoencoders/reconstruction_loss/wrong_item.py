# .item() makes a Python number, from which no gradient flows
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).flatten(1).sum(1).mean().item()
