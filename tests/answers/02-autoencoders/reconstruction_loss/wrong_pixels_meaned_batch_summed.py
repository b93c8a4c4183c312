# the mean over pixels and the sum over the batch: the wrong way round
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).flatten(1).mean(1).sum()
