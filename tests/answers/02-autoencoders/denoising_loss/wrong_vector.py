# one number for each row
def denoising_loss(model, x, x_noisy):
    return ((model(x_noisy) - x) ** 2).flatten(1).sum(1)
