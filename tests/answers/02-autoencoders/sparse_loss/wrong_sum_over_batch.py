# the penalty is a sum over the batch
def sparse_loss(model, x, l1):
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.abs().sum()
