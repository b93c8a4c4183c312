# a mean over pixels in place of the sum
def denoising_loss(model, x, x_noisy):
    return ((model(x_noisy) - x) ** 2).mean()
