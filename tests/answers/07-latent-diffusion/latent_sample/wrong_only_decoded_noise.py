# noise decoded, without the diffusion
@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    z = torch.randn(tuple(shape), generator=generator)
    return first_stage.decode(z / scale)
