# codes drawn in place of the mean
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = scale * (mu + (logvar / 2).exp() * torch.randn_like(mu))
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)
