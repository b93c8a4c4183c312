# the noisy x is added to the output: the model predicts minus the noise
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(x, x_noisy + model(x_noisy))
