# standardised
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = (mu - mu.mean()) / mu.std()
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)
