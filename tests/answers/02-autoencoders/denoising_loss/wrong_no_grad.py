# the model runs under torch.no_grad(): it cannot learn
def denoising_loss(model, x, x_noisy):
    with torch.no_grad():
        x_hat = model(x_noisy)
    return reconstruction_loss(x, x_hat)
