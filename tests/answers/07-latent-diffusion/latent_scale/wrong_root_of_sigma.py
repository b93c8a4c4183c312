# 1 over the root of sigma
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / math.sqrt(mu.std().item())
