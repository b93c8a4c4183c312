# the square of the sum of the errors
def reconstruction_loss(x, x_hat):
    return (x - x_hat).flatten(1).sum(1).square().mean()
