# an image of noise encoded, to start from
@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    x = torch.randn(first_stage.decode(torch.zeros(tuple(shape))).shape, generator=generator)
    z0 = first_stage.encode(x)[0]
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)
