# a deviation over the channels, then the mean
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.std(1).mean().item()
