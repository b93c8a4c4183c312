# the code is computed under torch.no_grad()
def sparse_loss(model, x, l1):
    with torch.no_grad():
        z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.abs().sum(1).mean()
