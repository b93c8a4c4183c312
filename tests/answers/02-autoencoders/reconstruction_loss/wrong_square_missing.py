# the errors are added without a square, and cancel
def reconstruction_loss(x, x_hat):
    return (x - x_hat).flatten(1).sum(1).mean()
