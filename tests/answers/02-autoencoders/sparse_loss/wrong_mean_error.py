# the reconstruction error is a mean over pixels
def sparse_loss(model, x, l1):
    z = model.encode(x)
    return ((x.flatten(1) - model.decode(z)) ** 2).mean() + l1 * z.abs().sum(1).mean()
