# sums axis 1 only, which of images is the channel
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).sum(1).mean()
