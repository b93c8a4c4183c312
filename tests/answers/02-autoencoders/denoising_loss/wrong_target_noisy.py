# the target is the noisy x: the model learns to copy
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(x_noisy, model(x_noisy))
