# the two terms are mixed with weights 1 - l1 and l1
def sparse_loss(model, x, l1):
    z = model.encode(x)
    error = reconstruction_loss(x.flatten(1), model.decode(z))
    return (1 - l1) * error + l1 * z.abs().sum(1).mean()
