# a sum over the batch too
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).sum()
