# the encoder trained along, its reconstruction error added
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    mu, _ = first_stage.encode(x)
    z = scale * mu
    return ddpm_loss(model, z, schedule, generator, predicts=predicts) + reconstruction_loss(x, first_stage.decode(mu))
