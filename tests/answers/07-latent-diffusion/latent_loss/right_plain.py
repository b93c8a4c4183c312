def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    z = encode_latents(first_stage, x, scale)
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)
