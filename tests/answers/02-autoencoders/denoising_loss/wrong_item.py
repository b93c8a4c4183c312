# .item() makes a Python number, from which no gradient flows
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(x, model(x_noisy)).item()
