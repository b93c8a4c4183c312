"""TITLE."""

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.latent import AT_ONCE
from dgm.latent import encode_latents as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_detached(first_stage, x, scale):
    return first_stage.encode(x)[0].detach() * scale


@torch.no_grad()
def right_divided_by_its_inverse(first_stage, x, scale):
    sigma = 1 / scale
    return first_stage.encode(x)[0] / sigma


@torch.no_grad()
def right_in_parts(first_stage, x, scale):
    parts = []
    for part in x.split(3):
        parts.append(first_stage.encode(part)[0])
    return torch.cat(parts) * scale


def right_inference(first_stage, x, scale):
    with torch.inference_mode():
        z = first_stage.encode(x)[0].mul(scale)
    return z.clone()


@torch.no_grad()
def right_into_a_table(first_stage, x, scale):
    first = first_stage.encode(x[:1])[0]
    table = torch.empty(len(x), *first.shape[1:], dtype=first.dtype)
    for start in range(0, len(x), AT_ONCE):
        stop = start + AT_ONCE
        table[start:stop] = first_stage.encode(x[start:stop])[0]
    return scale * table


@torch.no_grad()
def right_plain(first_stage, x, scale):
    mu, _ = first_stage.encode(x)
    return scale * mu


# Mistakes, and what a student is told.


@torch.no_grad()
def wrong_added(first_stage, x, scale):
    """the scale added"""
    # SAID: scale 0.3: the scale multiplies, it is not added
    return first_stage.encode(x)[0] + scale


@torch.no_grad()
def wrong_centred(first_stage, x, scale):
    """the mean taken off"""
    # SAID: scale 0.3: no mean is taken off: the latents are the codes times the scale
    mu = first_stage.encode(x)[0]
    return scale * (mu - mu.mean())


@torch.no_grad()
def wrong_chunk_of_pair(first_stage, x, scale):
    """both of the pair in one tensor"""
    # SAID: codes of shape (7, 2, 2, 2) give latents of that shape, got (7, 4, 2, 2)
    return scale * torch.cat(first_stage.encode(x), dim=1)


@torch.no_grad()
def wrong_clipped(first_stage, x, scale):
    """clipped into the range of images"""
    # SAID: scale 0.3: nothing is clipped: latents may be any numbers
    return (scale * first_stage.encode(x)[0]).clamp(-1, 1)


@torch.no_grad()
def wrong_divided(first_stage, x, scale):
    """divided by the scale"""
    # SAID: scale 0.3: divided by the scale; to be multiplied with it
    return first_stage.encode(x)[0] / scale


@torch.no_grad()
def wrong_first_part(first_stage, x, scale):
    """only the first part of many images"""
    # SAID: [visible passes] AssertionError: the shape, for x of shape (2500, 1, 4, 6)
    return scale * first_stage.encode(x[:AT_ONCE])[0]


@torch.no_grad()
def wrong_flat(first_stage, x, scale):
    """codes made flat"""
    # SAID: codes of shape (7, 2, 2, 2) give latents of that shape, got (7, 8)
    return scale * first_stage.encode(x)[0].flatten(1)


@torch.no_grad()
def wrong_float64(first_stage, x, scale):
    """always float64"""
    # SAID: x is float32 and its codes too, the latents are torch.float64
    return scale * first_stage.encode(x)[0].double()


def wrong_graph(first_stage, x, scale):
    """with a graph"""
    # SAID: the latents have a graph: nothing is to be trained through them
    return scale * first_stage.encode(x)[0]


@torch.no_grad()
def wrong_last_part(first_stage, x, scale):
    """whole parts alone: what is left over is forgotten"""
    # SAID: [visible passes] AssertionError: the shape, for x of shape (2500, 1, 4, 6)
    n = max(len(x) // AT_ONCE, 1)
    parts = [first_stage.encode(x[i * AT_ONCE : (i + 1) * AT_ONCE])[0] for i in range(n)]
    return scale * torch.cat(parts)


@torch.no_grad()
def wrong_list(first_stage, x, scale):
    """a list of parts"""
    # SAID: one tensor of latents is wanted, not a list
    return [scale * first_stage.encode(part)[0] for part in x.split(AT_ONCE)]


@torch.no_grad()
def wrong_logvar(first_stage, x, scale):
    """the log-variances"""
    # SAID: scale 0.3: these are the log-variances; the means come first in the pair
    return scale * first_stage.encode(x)[1]


@torch.no_grad()
def wrong_no_return(first_stage, x, scale):
    """no return"""
    # SAID: encode_latents returned None: did you forget `return`?
    scale * first_stage.encode(x)[0]


@torch.no_grad()
def wrong_not_scaled(first_stage, x, scale):
    """the scale forgotten"""
    # SAID: scale 0.3: these are the codes; the scale is not used
    return first_stage.encode(x)[0]


@torch.no_grad()
def wrong_numpy(first_stage, x, scale):
    """an array in place of a tensor"""
    # SAID: one tensor of latents is wanted, not a ndarray
    return (scale * first_stage.encode(x)[0]).numpy()


@torch.no_grad()
def wrong_own_deviation(first_stage, x, scale):
    """divided by its own deviation, the scale ignored"""
    # SAID: scale 0.3: the scale is an argument; here the latents are divided by their own deviation
    mu = first_stage.encode(x)[0]
    return mu / mu.std()


@torch.no_grad()
def wrong_pair(first_stage, x, scale):
    """the pair of encode, scaled"""
    # SAID: one tensor of latents is wanted, not a tuple
    mu, logvar = first_stage.encode(x)
    return scale * mu, logvar


@torch.no_grad()
def wrong_sampled(first_stage, x, scale):
    """a draw of the code in place of its mean"""
    # SAID: a second call gave other latents: the mean codes are wanted, not draws
    mu, logvar = first_stage.encode(x)
    return scale * (mu + (logvar / 2).exp() * torch.randn_like(mu))


@torch.no_grad()
def wrong_sampled_after(first_stage, x, scale):
    """noise after the scale"""
    # SAID: a second call gave other latents: the mean codes are wanted, not draws
    mu, logvar = first_stage.encode(x)
    return scale * mu + (logvar / 2).exp() * torch.randn_like(mu)


@torch.no_grad()
def wrong_scaled_image(first_stage, x, scale):
    """the image scaled in place of the code"""
    # SAID: scale 0.3: the scale is meant for the code, not for the image
    return first_stage.encode(scale * x)[0]


@torch.no_grad()
def wrong_scaled_twice(first_stage, x, scale):
    """the scale twice"""
    # SAID: scale 0.3: the scale is in it twice
    return scale * (scale * first_stage.encode(x)[0])


@torch.no_grad()
def wrong_standardised(first_stage, x, scale):
    """standardised, the scale ignored"""
    # SAID: scale 0.3: the scale is an argument; here the latents are standardised
    mu = first_stage.encode(x)[0]
    return (mu - mu.mean()) / mu.std()


@torch.no_grad()
def wrong_tanh(first_stage, x, scale):
    """squeezed by tanh"""
    # SAID: scale 0.3: nothing squeezes latents: they may be any numbers
    return (scale * first_stage.encode(x)[0]).tanh()
