# the loss of five codes, an IWAE
def vae_loss(model, x, beta=1.0, generator=None):
    return -iwae_bound(model, x, 5, generator).mean()
