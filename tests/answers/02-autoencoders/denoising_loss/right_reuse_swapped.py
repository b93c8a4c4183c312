def denoising_loss(model, x, x_noisy):
    # the squared error is symmetric
    return reconstruction_loss(model(x_noisy), x)
