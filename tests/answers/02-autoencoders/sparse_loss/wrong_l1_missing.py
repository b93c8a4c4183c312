# the penalty without its weight
def sparse_loss(model, x, l1):
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + z.abs().sum(1).mean()
