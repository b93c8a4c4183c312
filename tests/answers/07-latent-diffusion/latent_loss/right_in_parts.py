def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    z = torch.cat([first_stage.encode(part)[0].detach() for part in x.split(7)]) * scale
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)
