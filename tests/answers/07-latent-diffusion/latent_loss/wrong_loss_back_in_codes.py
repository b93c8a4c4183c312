# the loss in units of codes
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    return ddpm_loss(model, z, schedule, generator, predicts=predicts) / scale**2
