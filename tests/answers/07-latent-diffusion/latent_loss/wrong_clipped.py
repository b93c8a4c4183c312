# latents clipped as images are
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = (scale * mu).clamp(-1, 1)
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)
