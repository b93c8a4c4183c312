# the scale of mu and logvar together
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / torch.stack([mu, logvar]).std().item()
