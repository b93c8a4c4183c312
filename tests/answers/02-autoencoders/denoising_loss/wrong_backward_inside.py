# runs backward itself and returns a number
def denoising_loss(model, x, x_noisy):
    loss = reconstruction_loss(x, model(x_noisy))
    loss.backward()
    return loss.detach()
