"""TITLE."""

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.ddpm import ddim_sample, ddpm_sample
from dgm.latent import latent_sample as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


@torch.no_grad()
def right_ddpm_is_ddim(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    if steps is None:
        steps, eta = schedule.T, 1.0
    z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return torch.cat([first_stage.decode(part) for part in (z / scale).split(2)])


def right_detached(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    z = z * (1 / scale)
    return first_stage.decode(z).detach()


@torch.no_grad()
def right_one_by_one(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    images = []
    for _ in range(shape[0]):
        if steps is None:
            z = ddpm_sample(
                model, schedule, (1, *shape[1:]), generator, predicts=predicts, clip=clip
            )
        else:
            z = ddim_sample(
                model,
                schedule,
                (1, *shape[1:]),
                steps,
                eta,
                generator,
                predicts=predicts,
                clip=clip,
            )
        images.append(first_stage.decode(z / scale))
    return torch.cat(images)


def right_options(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    options = {"generator": generator, "predicts": predicts, "clip": clip}
    sampler = ddpm_sample
    if steps is not None:
        sampler, options = ddim_sample, {**options, "steps": steps, "eta": eta}
    with torch.no_grad():
        return first_stage.decode(sampler(model, schedule, shape, **options).div(scale))


@torch.no_grad()
def right_plain(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


# Mistakes, and what a student is told.


@torch.no_grad()
def wrong_always_ddim(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """always DDIM"""
    # SAID: with no option the latents do not go the sampler's way: solved for its noise, they give mean 0.04 and variance 0.22, in place of 0 and 1. Are eta, predicts and clip handed on?
    z = ddim_sample(
        model, schedule, shape, steps or schedule.T, eta, generator, predicts=predicts, clip=clip
    )
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_clip_after_scale(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """clip applied to the codes at the end"""
    # SAID: with predicts='x0', clip=(-0.5, 0.6): the scale is undone, and then clipped; clip is a range of the scaled latents
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    z = z / scale
    return first_stage.decode(z if clip is None else z.clamp(*clip))


@torch.no_grad()
def wrong_clip_always(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """clipped to -1 and 1, as images are"""
    # SAID: with no option the latents do not go the sampler's way: solved for its noise, they give mean 0.30 and variance 1.98, in place of 0 and 1. Are eta, predicts and clip handed on?
    clip = (-1, 1)
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_clip_both(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the images clipped too"""
    # SAID: the images are clipped; clip is a range of the scaled latents
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    x = first_stage.decode(z / scale)
    return x if clip is None else x.clamp(*clip)


@torch.no_grad()
def wrong_clip_ignored(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """clip not handed on"""
    # SAID: with predicts='x0', clip=(-0.5, 0.6) the latents do not go the sampler's way: solved for its noise, they give mean 0.32 and variance 2.56, in place of 0 and 1. Are eta, predicts and clip handed on?
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_divided_twice(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """divided by the scale twice"""
    # SAID: with no option: the scale is undone twice
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale / scale)


@torch.no_grad()
def wrong_encoded_start(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """an image of noise encoded, to start from"""
    # SAID: first_stage.encode has no part in sampling: noise is drawn in the latents' shape
    x = torch.randn(first_stage.decode(torch.zeros(tuple(shape))).shape, generator=generator)
    z0 = first_stage.encode(x)[0]
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_eta_ignored(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """eta not handed on"""
    # SAID: with steps=4, eta=1.0, predicts='x0', clip=(-0.5, 0.6) the latents do not go the sampler's way: solved for its noise, they give mean 0.02 and variance 0.21, in place of 0 and 1. Are eta, predicts and clip handed on?
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(
            model, schedule, shape, steps, generator=generator, predicts=predicts, clip=clip
        )
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_eta_one(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """eta always 1"""
    # SAID: with steps=3: from t = 6 to 4 the latents go another way than DDIM's with eta = 0. Are eta, predicts and clip handed on? Is scale left for the end?
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, 1.0, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_first_only(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """one image for all"""
    # SAID: the decoder was handed shape (1, 3, 4, 5), wanted the 3 latents at the end of the way, (3, 3, 4, 5)
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z[:1] / scale)


@torch.no_grad()
def wrong_generator_ignored(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the generator not handed on"""
    # SAID: the same generator state gave other images: hand generator on
    if steps is None:
        z = ddpm_sample(model, schedule, shape, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_generator_ignored_by_ddim(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the generator not handed to DDIM"""
    # SAID: the same generator state gave other images: hand generator on
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


def wrong_graph(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """decoded with a graph"""
    # SAID: the images have a graph: sampling needs none
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_image_clipped(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the images clipped in place of the latents"""
    # SAID: with predicts='x0', clip=(-0.5, 0.6) the latents do not go the sampler's way: solved for its noise, they give mean 0.32 and variance 2.56, in place of 0 and 1. Are eta, predicts and clip handed on?
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts)
    x = first_stage.decode(z / scale)
    return x if clip is None else x.clamp(*clip)


@torch.no_grad()
def wrong_image_divided(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the image divided by the scale"""
    # SAID: with no option: the decoder was handed scaled latents: undo the scale first
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z) / scale


@torch.no_grad()
def wrong_image_divided_too(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the image divided by the scale too"""
    # SAID: the scale has nothing to do with the images: it is undone before the decoder
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale) / scale


@torch.no_grad()
def wrong_images_shape(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the shape of images in place of that of latents"""
    # SAID: `shape` is that of the latents; the model was shown (B, *(1, 8, 10)), wanted (B, *(3, 4, 5))
    # RAISES: ValueError
    image = first_stage.decode(torch.zeros(tuple(shape)))
    shape = image.shape
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_latents(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """latents in place of images"""
    # SAID: first_stage.decode was never called: these are latents, and images are wanted
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return z / scale


@torch.no_grad()
def wrong_multiplied(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """multiplied with the scale once more"""
    # SAID: with no option: the scale is undone by a division; here it is multiplied once more
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z * scale)


@torch.no_grad()
def wrong_no_return(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """no return"""
    # SAID: latent_sample returned None: did you forget `return`?
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    first_stage.decode(z / scale)


@torch.no_grad()
def wrong_one_start(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """one start for the whole batch"""
    # SAID: with no option the model should see 3 latents at each step, not 1
    if steps is None:
        z = ddpm_sample(model, schedule, (1, *shape[1:]), generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(
            model, schedule, (1, *shape[1:]), steps, eta, generator, predicts=predicts, clip=clip
        )
    z = z.expand(tuple(shape))
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_only_decoded_noise(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """noise decoded, without the diffusion"""
    # SAID: the model was never called
    z = torch.randn(tuple(shape), generator=generator)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_predicts_ignored(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """predicts not handed on"""
    # SAID: with predicts='x0', clip=(-0.5, 0.6) the latents do not go the sampler's way: solved for its noise, they give mean -0.16 and variance 2.36, in place of 0 and 1. Are eta, predicts and clip handed on?
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_scaled_model(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the model shown latents without the scale"""
    # SAID: with no option the latents do not go the sampler's way: solved for its noise, they give mean -0.63 and variance 13.17, in place of 0 and 1. Are eta, predicts and clip handed on?
    net = lambda zt, t: model(zt / scale, t)
    if steps is None:
        z = ddpm_sample(net, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(net, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_scaled_to_decoder(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """decoder fed scaled latents"""
    # SAID: with no option: the decoder was handed scaled latents: undo the scale first
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z)


@torch.no_grad()
def wrong_seed_inside(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """a seed set inside"""
    # SAID: a second call gave the same images: set no seed inside
    generator = torch.Generator().manual_seed(0)
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_steps_hard_coded(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """always 3 steps of DDIM"""
    # SAID: with steps=4, eta=1.0, predicts='x0', clip=(-0.5, 0.6) the model should be asked at t = [6, 5, 3, 2], and was at [6, 4, 2]: with `steps`, DDIM in so many steps
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(
            model, schedule, shape, min(3, schedule.T), eta, generator, predicts=predicts, clip=clip
        )
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_steps_ignored(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """always DDPM"""
    # SAID: with steps=3 the model should be asked at t = [6, 4, 2], and was at [6, 5, 4, 3, 2, 1]: with `steps`, DDIM in so many steps
    z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


@torch.no_grad()
def wrong_subtracted(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the scale taken off"""
    # SAID: with no option: the scale is taken off; it is to be divided by
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z - scale)


@torch.no_grad()
def wrong_tanh(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """the images squeezed by tanh"""
    # SAID: nothing squeezes the images: they are what the decoder gives
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale).tanh()


@torch.no_grad()
def wrong_turned_round(
    model,
    first_stage,
    schedule,
    shape,
    scale,
    generator=None,
    *,
    steps=None,
    eta=0.0,
    predicts="eps",
    clip=None,
):
    """DDIM without steps, DDPM with"""
    # SAID: with no option the latents do not go the sampler's way: solved for its noise, they give mean 0.04 and variance 0.22, in place of 0 and 1. Are eta, predicts and clip handed on?
    if steps is not None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(
            model, schedule, shape, schedule.T, eta, generator, predicts=predicts, clip=clip
        )
    return first_stage.decode(z / scale)
