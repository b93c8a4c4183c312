# the model sees the clean x: no corruption at all
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(x, model(x))
