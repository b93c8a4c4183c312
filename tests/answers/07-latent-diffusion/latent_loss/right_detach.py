def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    mu, _ = first_stage.encode(x)
    z = mu.detach() * scale
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)
