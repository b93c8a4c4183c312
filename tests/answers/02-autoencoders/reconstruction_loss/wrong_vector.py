# one number for each row: the mean over the batch is missing
def reconstruction_loss(x, x_hat):
    return ((x - x_hat) ** 2).flatten(1).sum(1)
