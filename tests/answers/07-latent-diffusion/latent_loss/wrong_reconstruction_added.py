# the first stage's error added
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = scale * mu
    return ddpm_loss(model, z, schedule, generator, predicts=predicts) + reconstruction_loss(x, first_stage.decode(mu))
