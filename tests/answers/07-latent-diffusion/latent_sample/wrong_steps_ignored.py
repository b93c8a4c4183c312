# always DDPM
@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)
