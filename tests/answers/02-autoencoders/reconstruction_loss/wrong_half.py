# a factor of one half
def reconstruction_loss(x, x_hat):
    return 0.5 * ((x - x_hat) ** 2).flatten(1).sum(1).mean()
