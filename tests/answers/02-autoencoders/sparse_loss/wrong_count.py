# the number of active entries: a count has no slope
def sparse_loss(model, x, l1):
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * (z != 0).sum(1).to(z.dtype).mean()
