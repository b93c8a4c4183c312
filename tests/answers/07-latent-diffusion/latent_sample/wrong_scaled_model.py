# the model shown latents without the scale
@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    net = lambda zt, t: model(zt / scale, t)
    if steps is None:
        z = ddpm_sample(net, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(net, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)
