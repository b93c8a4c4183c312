def denoising_loss(model, x, x_noisy):
    a, b = x.flatten(1), model(x_noisy).flatten(1)
    return ((a * a).sum() - 2 * (a * b).sum() + (b * b).sum()) / len(a)
