def denoising_loss(model, x, x_noisy):
    guess = model(x_noisy)
    return (guess - x).square().flatten(1).sum(1).mean()
