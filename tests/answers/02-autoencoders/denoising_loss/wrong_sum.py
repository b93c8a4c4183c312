# a sum over the batch too
def denoising_loss(model, x, x_noisy):
    return ((model(x_noisy) - x) ** 2).sum()
