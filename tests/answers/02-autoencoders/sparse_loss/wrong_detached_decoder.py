# the decoder gets a detached code: the encoder learns from the penalty alone
def sparse_loss(model, x, l1):
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z.detach())) + l1 * z.abs().sum(1).mean()
