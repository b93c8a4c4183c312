def sparse_loss(model, x, l1):
    z = model.encode(x)
    x_hat = model.decode(z).view_as(x)
    return (torch.sum((x - x_hat) ** 2) + l1 * z.abs().sum()) / len(x)
