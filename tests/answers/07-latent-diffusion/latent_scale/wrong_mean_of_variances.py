# the mean variance of the channels, between them forgotten
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return mu.transpose(0, 1).flatten(1).var(1).mean().rsqrt().item()
