def reconstruction_loss(x, x_hat):
    total = 0
    for a, b in zip(x, x_hat):
        diff = (a - b).reshape(-1)
        total = total + torch.dot(diff, diff)
    return total / x.shape[0]
