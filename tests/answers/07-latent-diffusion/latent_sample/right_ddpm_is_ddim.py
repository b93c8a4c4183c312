@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    if steps is None:
        steps, eta = schedule.T, 1.0
    z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return torch.cat([first_stage.decode(part) for part in (z / scale).split(2)])
