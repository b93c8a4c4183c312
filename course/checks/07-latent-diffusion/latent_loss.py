"""TITLE."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.autoencoder import reconstruction_loss
from dgm.ddpm import ddpm_loss
from dgm.latent import encode_latents
from dgm.latent import latent_loss as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_by_hand(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return nn.functional.mse_loss(model(a * z + b * eps, t), target)


def right_detach(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    mu, _ = first_stage.encode(x)
    z = mu.detach() * scale
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def right_in_parts(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    z = torch.cat([first_stage.encode(part)[0].detach() for part in x.split(7)]) * scale
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def right_no_grad(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def right_plain(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    z = encode_latents(first_stage, x, scale)
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def right_row_means(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    error = (model(a * z + b * eps, t) - target).pow(2)
    return error.flatten(1).mean(1).mean()


# Mistakes, and what a student is told.


def wrong_centred(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the mean taken off"""
    # SAID: scale 0.3: no mean is taken off the codes
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = scale * (mu - mu.mean())
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_clean_latents(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the model shown clean latents"""
    # SAID: the model is shown clean latents: noise is missing
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return (model(z, t) - target).square().mean()


def wrong_clipped(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """latents clipped as images are"""
    # SAID: scale 0.3: the latents are clipped; they may be any numbers
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = (scale * mu).clamp(-1, 1)
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_decoded(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the diffusion on reconstructions"""
    # SAID: the model was shown pictures, shape (40, 1, 4, 4); its data are latents, (40, 4, 2, 2)
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = first_stage.decode(mu)
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_decoded_error(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the error measured after the decoder"""
    # SAID: scale 0.3: a sum over the entries of a latent; the mean is wanted, as in ddpm_loss
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = scale * mu

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    out = model(a * z + b * eps, t)
    return (first_stage.decode(out) - first_stage.decode(target)).square().sum() / len(x)


def wrong_divided(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """divided by the scale"""
    # SAID: scale 0.3: the codes are divided by the scale; they are multiplied with it
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = mu / scale
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_item(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """a Python number"""
    # SAID: nothing can be trained on this: a tensor with its graph is wanted, no .item(), and no_grad for the first stage alone
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    return ddpm_loss(model, z, schedule, generator, predicts=predicts).item()


def wrong_leak(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """a gradient into the first stage"""
    # SAID: the first stage gets a gradient: its encoder would be trained along. Cut the graph of the latents
    z = scale * first_stage.encode(x)[0]
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_leak_of_mean(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the encoder trained along, its reconstruction error added"""
    # SAID: the first stage gets a gradient: its encoder would be trained along. Cut the graph of the latents
    mu, _ = first_stage.encode(x)
    z = scale * mu
    return ddpm_loss(model, z, schedule, generator, predicts=predicts) + reconstruction_loss(
        x, first_stage.decode(mu)
    )


def wrong_logvar(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the log-variances"""
    # SAID: scale 0.3: the log-variances were taken for the codes: encode gives mu first
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = scale * logvar
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_loss_back_in_codes(
    model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"
):
    """the loss in units of codes"""
    # SAID: scale 0.3: the loss is divided by the square of the scale
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    return ddpm_loss(model, z, schedule, generator, predicts=predicts) / scale**2


def wrong_loss_scaled(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the loss multiplied with the scale"""
    # SAID: scale 0.3: the loss is multiplied with the scale
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    return scale * ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_no_generator(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the generator not handed on"""
    # SAID: the same generator state gave another loss: hand generator on
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    return ddpm_loss(model, z, schedule, predicts=predicts)


def wrong_no_grad_everywhere(
    model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"
):
    """all of it under no_grad"""
    # SAID: nothing can be trained on this: a tensor with its graph is wanted, no .item(), and no_grad for the first stage alone
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
        return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_no_return(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """no return"""
    # SAID: latent_loss returned None: did you forget `return`?
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_no_root(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """both roots forgotten"""
    # SAID: scale 0.3: both roots are missing
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return (model(a * z + b * eps, t) - target).square().mean()


def wrong_noise_on_pixels(
    model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"
):
    """noise on the pixels, then encoded"""
    # SAID: the encoder was shown something other than x: noise and scale belong on the latents, not on the pictures
    t = torch.randint(1, schedule.T + 1, (len(x),), generator=generator)
    eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    a = schedule.alpha_bar.to(x.dtype)[t].view(-1, *[1] * (x.dim() - 1))
    xt = a.sqrt() * x + (1 - a).sqrt() * eps
    with torch.no_grad():
        z, noisy = (scale * first_stage.encode(y)[0] for y in (x, xt))
    return (model(noisy, t) - (noisy - z)).square().mean()


def wrong_noise_scaled_too(
    model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"
):
    """noise added to the codes, and then both scaled"""
    # SAID: scale 0.3: the noise is scaled too: scale the codes before noise is added
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)

    t = torch.randint(1, schedule.T + 1, (len(mu),), generator=generator)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    shape = (-1, *[1] * (mu.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(mu.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(mu.dtype)[t].view(shape)
    target = {"eps": eps, "x0": mu, "v": a * eps - b * mu}[predicts]
    return (model(scale * (a * mu + b * eps), t) - target).square().mean()


def wrong_not_scaled(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """latents not scaled"""
    # SAID: scale 0.3: the latents are not scaled: the model was shown the codes as they are
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = mu
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_one_noise(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """one noise for the whole batch"""
    # SAID: one noise for the whole batch: draw it in the shape of the latents
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(1, *z.shape[1:], generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return (model(a * z + b * eps, t) - target).square().mean()


def wrong_own_deviation(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the batch's own deviation in place of the scale"""
    # SAID: scale 0.3: scale is an argument; these latents are divided by their own deviation
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = mu / mu.std()
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_pixels(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the diffusion on pixels"""
    # SAID: first_stage.encode was never called
    z = scale * x
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_predicts_ignored(
    model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"
):
    """predicts not handed on"""
    # SAID: scale 2.5, predicts 'x0': predicts is not used: the target is still eps
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    return ddpm_loss(model, z, schedule, generator)


def wrong_reconstruction_added(
    model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"
):
    """the first stage's error added"""
    # SAID: scale 0.3: the first stage's error is no part of this loss
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = scale * mu
    return ddpm_loss(model, z, schedule, generator, predicts=predicts) + reconstruction_loss(
        x, first_stage.decode(mu)
    )


def wrong_sampled(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """codes drawn in place of the mean"""
    # SAID: scale 0.3: codes were drawn; the mean codes are wanted
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = scale * (mu + (logvar / 2).exp() * torch.randn_like(mu))
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_scaled_image(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """the image scaled"""
    # SAID: the encoder was shown something other than x: noise and scale belong on the latents, not on the pictures
    with torch.no_grad():
        z = first_stage.encode(scale * x)[0]
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_scaled_twice(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """scaled twice"""
    # SAID: scale 0.3: the scale is in it twice: encode_latents has used it already
    z = scale * encode_latents(first_stage, x, scale)
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_seed_inside(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """a seed set inside"""
    # SAID: a second call gave the same loss: set no seed inside
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    g = torch.Generator().manual_seed(0)
    return ddpm_loss(model, z, schedule, g, predicts=predicts)


def wrong_standardised(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """standardised"""
    # SAID: scale 0.3: scale is an argument; these latents are standardised
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = (mu - mu.mean()) / mu.std()
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def wrong_sum(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """a sum over all entries"""
    # SAID: scale 0.3: a sum over everything; the mean is wanted, as in ddpm_loss
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return (model(a * z + b * eps, t) - target).square().sum()


def wrong_sum_of_entries(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """a sum over the entries of each row"""
    # SAID: scale 0.3: a sum over the entries of a latent; the mean is wanted, as in ddpm_loss
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return (model(a * z + b * eps, t) - target).square().flatten(1).sum(1).mean()


def wrong_t_from_zero(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    """steps from 0"""
    # SAID: steps from 1 to 4, got 0 to 3
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(0, schedule.T, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return (model(a * z + b * eps, t) - target).square().mean()


def wrong_target_not_scaled(
    model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"
):
    """the target from codes without scale"""
    # SAID: scale 2.5, predicts 'x0': the target has no scale; the model sees scaled latents and predicts them
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = scale * mu

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": mu, "v": a * eps - b * mu}[predicts]
    return (model(a * z + b * eps, t) - target).square().mean()
