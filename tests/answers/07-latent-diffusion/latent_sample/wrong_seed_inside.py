# a seed set inside
@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    generator = torch.Generator().manual_seed(0)
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)
