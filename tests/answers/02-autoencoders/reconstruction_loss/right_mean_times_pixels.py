def reconstruction_loss(x, x_hat):
    # the mean over all entries, times the entries of one x
    return ((x - x_hat) ** 2).mean() * (x.numel() / x.shape[0])
