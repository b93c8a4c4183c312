# the reconstruction is detached
def reconstruction_loss(x, x_hat):
    return ((x - x_hat.detach()) ** 2).flatten(1).sum(1).mean()
