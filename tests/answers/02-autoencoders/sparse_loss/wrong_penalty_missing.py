# no penalty
def sparse_loss(model, x, l1):
    return reconstruction_loss(x.flatten(1), model.decode(model.encode(x)))
