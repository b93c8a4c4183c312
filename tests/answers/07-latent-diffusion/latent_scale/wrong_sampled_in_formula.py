# the codes' own noise added to the variance
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / math.sqrt((mu.var() + logvar.exp().mean()).item())
