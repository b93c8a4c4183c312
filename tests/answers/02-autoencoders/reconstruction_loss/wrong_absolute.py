# absolute errors
def reconstruction_loss(x, x_hat):
    return (x - x_hat).abs().flatten(1).sum(1).mean()
