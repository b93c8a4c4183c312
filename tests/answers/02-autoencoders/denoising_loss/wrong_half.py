# a factor of one half
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(x, model(x_noisy)) / 2
