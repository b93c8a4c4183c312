# L2: the code is squared
def sparse_loss(model, x, l1):
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * (z**2).sum(1).mean()
