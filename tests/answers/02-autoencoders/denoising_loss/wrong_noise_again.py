# adds noise once more to what is noisy already
def denoising_loss(model, x, x_noisy):
    return reconstruction_loss(x, model(x_noisy + 0.3 * torch.randn_like(x_noisy)))
