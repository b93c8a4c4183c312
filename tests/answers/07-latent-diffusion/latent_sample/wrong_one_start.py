# one start for the whole batch
@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    if steps is None:
        z = ddpm_sample(model, schedule, (1, *shape[1:]), generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, (1, *shape[1:]), steps, eta, generator, predicts=predicts, clip=clip)
    z = z.expand(tuple(shape))
    return first_stage.decode(z / scale)
