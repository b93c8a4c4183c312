# a deviation for each channel, then the mean
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.transpose(0, 1).flatten(1).std(1).mean().item()
