@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    images = []
    for _ in range(shape[0]):
        if steps is None:
            z = ddpm_sample(model, schedule, (1, *shape[1:]), generator, predicts=predicts, clip=clip)
        else:
            z = ddim_sample(model, schedule, (1, *shape[1:]), steps, eta, generator, predicts=predicts, clip=clip)
        images.append(first_stage.decode(z / scale))
    return torch.cat(images)
