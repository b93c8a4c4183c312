# the images clipped in place of the latents
@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts)
    x = first_stage.decode(z / scale)
    return x if clip is None else x.clamp(*clip)
