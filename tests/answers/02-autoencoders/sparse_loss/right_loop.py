def sparse_loss(model, x, l1):
    z = model.encode(x)
    x_hat = model.decode(z)
    total = 0
    for i in range(len(x)):
        total = total + (x[i].flatten() - x_hat[i]).pow(2).sum()
        total = total + l1 * nn.functional.l1_loss(z[i], torch.zeros_like(z[i]), reduction="sum")
    return total / len(x)
