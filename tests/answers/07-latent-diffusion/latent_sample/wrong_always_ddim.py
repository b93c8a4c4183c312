# always DDIM
@torch.no_grad()
def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    z = ddim_sample(model, schedule, shape, steps or schedule.T, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)
