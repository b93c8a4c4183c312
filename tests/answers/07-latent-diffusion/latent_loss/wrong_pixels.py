# the diffusion on pixels
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    z = scale * x
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)
