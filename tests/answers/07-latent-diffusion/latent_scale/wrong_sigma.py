# sigma in place of 1 / sigma
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return mu.std().item()
