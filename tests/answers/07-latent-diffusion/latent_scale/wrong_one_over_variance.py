# 1 over the variance
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.var().item()
