"""TITLE."""

import math

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.latent import (
    AT_ONCE,
    encode_latents,  # encode_latents
)
from dgm.latent import latent_scale as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_by_hand(first_stage, x):
    z = first_stage.encode(x)[0].detach().double().flatten()
    mean = z.sum() / len(z)
    return float(((z - mean) ** 2).mean() ** -0.5)


def right_in_parts(first_stage, x):
    codes = [first_stage.encode(part)[0].detach() for part in x.split(AT_ONCE)]
    return torch.cat(codes).double().std().pow(-1).item()


def right_numpy(first_stage, x):
    return 1 / np.std(first_stage.encode(x)[0].detach().double().numpy())


def right_plain(first_stage, x):
    with torch.no_grad():
        mu = first_stage.encode(x)[0]
    return 1 / mu.std().item()


def right_running_sums(first_stage, x):
    n, total, squares = 0, 0.0, 0.0
    for part in x.split(500):
        mu = first_stage.encode(part)[0].detach().double()
        n, total, squares = n + mu.numel(), total + mu.sum().item(), squares + (mu**2).sum().item()
    return 1 / math.sqrt(squares / n - (total / n) ** 2)


def right_tensor(first_stage, x):
    return first_stage.encode(x)[0].detach().double().var().rsqrt()


def right_through_encode_latents(first_stage, x):
    z = encode_latents(first_stage, x, 1.0)
    return 1 / z.double().std(correction=0).item()


# Mistakes, and what a student is told.


def wrong_about_zero(first_stage, x):
    """the mean not taken off"""
    # SAID: the mean of the codes has to be taken off before the square
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.square().mean().sqrt().item()


def wrong_each_channel(first_stage, x):
    """a number for each channel"""
    # SAID: one number for all channels and places, got shape (3,)
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.transpose(0, 1).flatten(1).std(1)


def wrong_first_image(first_stage, x):
    """the first image alone"""
    # SAID: the first picture alone; all are wanted
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu[0].std().item()


def wrong_first_thousand(first_stage, x):
    """the first thousand images alone"""
    # SAID: [visible passes] AssertionError: wrong for 2200 pictures
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu[:1000].std().item()


def wrong_largest(first_stage, x):
    """1 over the largest code"""
    # SAID: 1 over the largest code; over their standard deviation is wanted
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.abs().max().item()


def wrong_mean(first_stage, x):
    """1 over the mean"""
    # SAID: 1 over the mean of the codes; over their standard deviation is wanted
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.mean().item()


def wrong_mean_abs(first_stage, x):
    """1 over the mean absolute value"""
    # SAID: 1 over a mean absolute value; over the standard deviation is wanted
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.abs().mean().item()


def wrong_mean_of_channels(first_stage, x):
    """a deviation for each channel, then the mean"""
    # SAID: a deviation for each channel, and then a mean: take the deviation of all entries at once
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.transpose(0, 1).flatten(1).std(1).mean().item()


def wrong_mean_of_images_deviations(first_stage, x):
    """a deviation for each image, then the mean"""
    # SAID: a deviation for each picture, and then a mean: take the deviation of all entries at once
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.flatten(1).std(1).mean().item()


def wrong_mean_of_images_scales(first_stage, x):
    """a scale for each image, then the mean"""
    # SAID: a deviation for each picture, and then a mean: take the deviation of all entries at once
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return (1 / mu.flatten(1).std(1)).mean().item()


def wrong_mean_of_parts(first_stage, x):
    """the mean of the parts' deviations"""
    # SAID: [visible passes] AssertionError: wrong for 2200 pictures
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / torch.stack([m.std() for m in mu.split(500)]).mean().item()


def wrong_mean_of_variances(first_stage, x):
    """the mean variance of the channels, between them forgotten"""
    # SAID: a deviation for each channel, and then a mean: take the deviation of all entries at once
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return mu.transpose(0, 1).flatten(1).var(1).mean().rsqrt().item()


def wrong_no_return(first_stage, x):
    """no return"""
    # SAID: latent_scale returned None: did you forget `return`?
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    1 / mu.std().item()


def wrong_of_both(first_stage, x):
    """the scale of mu and logvar together"""
    # SAID: the scale of the pair; its means alone are wanted
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / torch.stack([mu, logvar]).std().item()


def wrong_of_images(first_stage, x):
    """the scale of the images"""
    # SAID: the scale of the images; that of their codes is wanted
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / x.std().item()


def wrong_of_logvar(first_stage, x):
    """the scale of the log-variances"""
    # SAID: the scale of the log-variances; the means come first in the pair
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / logvar.std().item()


def wrong_one_over_variance(first_stage, x):
    """1 over the variance"""
    # SAID: 1 over the variance; 1 over its root is wanted
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.var().item()


def wrong_over_batch(first_stage, x):
    """a deviation for each place over the batch, then the mean"""
    # SAID: a deviation for each place of the code, and then a mean: take the deviation of all entries at once
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.std(0).mean().item()


def wrong_over_channels(first_stage, x):
    """a deviation over the channels, then the mean"""
    # SAID: a deviation for the channels of each place, and then a mean: take the deviation of all entries at once
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / mu.std(1).mean().item()


def wrong_range(first_stage, x):
    """1 over the range"""
    # SAID: 1 over the range of the codes; over their standard deviation is wanted
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / (mu.max() - mu.min()).item()


def wrong_root_of_sigma(first_stage, x):
    """1 over the root of sigma"""
    # SAID: sigma is a root already: no second one
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / math.sqrt(mu.std().item())


def wrong_sampled(first_stage, x):
    """draws of the code in place of its mean"""
    # SAID: something was drawn: the mean codes are wanted, without noise
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    z = mu + (logvar / 2).exp() * torch.randn_like(mu)
    return 1 / z.std().item()


def wrong_sampled_in_formula(first_stage, x):
    """the codes' own noise added to the variance"""
    # SAID: the codes' own noise is no part of it: the mean codes alone
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / math.sqrt((mu.var() + logvar.exp().mean()).item())


def wrong_sigma(first_stage, x):
    """sigma in place of 1 / sigma"""
    # SAID: this is sigma; the scale is 1 / sigma
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return mu.std().item()


def wrong_sigma_of_posterior(first_stage, x):
    """sigma taken from logvar"""
    # SAID: this takes sigma from logvar; what counts is how the mean codes are spread
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 1 / (logvar / 2).exp().mean().item()


def wrong_stable_diffusion(first_stage, x):
    """the number of Stable Diffusion"""
    # SAID: 0.18215 is the scale of Stable Diffusion's first stage; this is another one
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return 0.18215


def wrong_variance(first_stage, x):
    """the variance"""
    # SAID: this is the variance; the scale is 1 over its root
    mu, logvar = (a.detach() for a in first_stage.encode(x))
    return mu.var().item()
