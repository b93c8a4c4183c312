def latent_sample(
    model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None
):
    options = {"generator": generator, "predicts": predicts, "clip": clip}
    sampler = ddpm_sample
    if steps is not None:
        sampler, options = ddim_sample, {**options, "steps": steps, "eta": eta}
    with torch.no_grad():
        return first_stage.decode(sampler(model, schedule, shape, **options).div(scale))
