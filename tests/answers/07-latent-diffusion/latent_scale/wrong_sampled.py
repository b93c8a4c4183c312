# draws of the code in place of its mean
def latent_scale(first_stage, x):
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    z = mu + (logvar / 2).exp() * torch.randn_like(mu)
    return 1 / z.std().item()
