# the output is compared with the noise
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(x_noisy - x, model(x_noisy))
