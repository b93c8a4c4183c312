def denoising_loss(model, x, x_noisy):
    out = model(x_noisy)
    total = 0.0
    for i in range(len(x)):
        total = total + ((out[i] - x[i]) ** 2).sum()
    return total * (1 / len(x))
