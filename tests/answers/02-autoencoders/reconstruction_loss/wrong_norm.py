# the length of the error and not its square
def reconstruction_loss(x, x_hat):
    return (x - x_hat).flatten(1).norm(dim=1).mean()
