def sparse_loss(model, x, l1):
    z = model.encode(x)
    error = (model.decode(z) - x.flatten(1)) ** 2
    return (error.sum(1) + l1 * torch.abs(z).sum(1)).mean()
