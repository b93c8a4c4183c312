def reconstruction_loss(x, x_hat):
    return (x - x_hat).pow(2).flatten(1).sum(dim=1).mean()
