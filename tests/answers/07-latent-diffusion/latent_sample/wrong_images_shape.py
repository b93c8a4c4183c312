# the shape of images in place of that of latents
# raises: ValueError
@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    image = first_stage.decode(torch.zeros(tuple(shape)))
    shape = image.shape
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)
