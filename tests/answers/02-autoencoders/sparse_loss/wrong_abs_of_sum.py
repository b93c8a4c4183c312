# the absolute value of the sum
def sparse_loss(model, x, l1):
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.sum(1).abs().mean()
