# the model's output is detached
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(x, model(x_noisy).detach())
