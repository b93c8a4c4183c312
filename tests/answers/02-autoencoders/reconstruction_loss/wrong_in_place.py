# takes the reconstruction off the caller's x in place
def reconstruction_loss(x, x_hat):
    x -= x_hat
    return (x**2).flatten(1).sum(1).mean()
