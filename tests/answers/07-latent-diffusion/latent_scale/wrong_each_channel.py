# a number for each channel
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.transpose(0, 1).flatten(1).std(1)
