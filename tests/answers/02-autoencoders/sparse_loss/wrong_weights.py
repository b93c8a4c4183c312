# L1 of the weights and not of the code
def sparse_loss(model, x, l1):
    z = model.encode(x)
    size = sum(p.abs().sum() for p in model.parameters())
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * size
