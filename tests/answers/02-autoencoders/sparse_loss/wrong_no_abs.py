# the absolute value is missing: right for a ReLU code alone
def sparse_loss(model, x, l1):
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.sum(1).mean()
