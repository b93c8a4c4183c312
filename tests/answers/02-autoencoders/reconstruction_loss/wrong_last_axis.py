# sums the last axis only: right for vectors, not for images
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).sum(-1).mean()
