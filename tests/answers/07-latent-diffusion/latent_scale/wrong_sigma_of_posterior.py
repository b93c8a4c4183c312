# sigma taken from logvar
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / (logvar / 2).exp().mean().item()
