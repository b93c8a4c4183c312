# a gradient into the first stage
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    z = scale * first_stage.encode(x)[0]
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)
