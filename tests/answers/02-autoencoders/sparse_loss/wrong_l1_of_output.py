# the penalty is on the reconstruction
def sparse_loss(model, x, l1):
    x_hat = model.decode(model.encode(x))
    return reconstruction_loss(x.flatten(1), x_hat) + l1 * x_hat.abs().sum(1).mean()
