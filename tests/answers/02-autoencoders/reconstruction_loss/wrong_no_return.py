# the return is missing
def reconstruction_loss(x, x_hat):
    ((x - x_hat) ** 2).flatten(1).sum(1).mean()
