from dgm.ddpm import ddim_path, ddpm_path


@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    if steps is None:
        path = ddpm_path(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        path = ddim_path(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    for _, z, _ in path:
        pass
    return first_stage.decode(z / scale)
