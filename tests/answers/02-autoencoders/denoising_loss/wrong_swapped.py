# clean into the model, noisy as the target
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(x_noisy, model(x))
