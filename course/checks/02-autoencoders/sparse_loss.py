"""TITLE."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.autoencoder import (
    denoising_loss,  # denoising_loss
    reconstruction_loss,  # reconstruction_loss
)
from dgm.autoencoder import sparse_loss as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_by_hand(model, x, l1):
    z = model.encode(x)
    error = (model.decode(z) - x.flatten(1)) ** 2
    return (error.sum(1) + l1 * torch.abs(z).sum(1)).mean()


def right_loop(model, x, l1):
    z = model.encode(x)
    x_hat = model.decode(z)
    total = 0
    for i in range(len(x)):
        total = total + (x[i].flatten() - x_hat[i]).pow(2).sum()
        total = total + l1 * nn.functional.l1_loss(z[i], torch.zeros_like(z[i]), reduction="sum")
    return total / len(x)


def right_norm(model, x, l1):
    z = model.encode(x)
    penalty = torch.linalg.vector_norm(z, ord=1, dim=1).mean()
    return reconstruction_loss(x, model.decode(z).reshape(x.shape)) + l1 * penalty


def right_sum_over_all(model, x, l1):
    z = model.encode(x)
    x_hat = model.decode(z).view_as(x)
    return (torch.sum((x - x_hat) ** 2) + l1 * z.abs().sum()) / len(x)


def right_through_forward(model, x, l1):
    # the code is computed twice
    code = model.encode(x)
    size = torch.maximum(code, -code).sum() / x.size(0)
    return denoising_loss(model, x, x) + size * l1


# Mistakes, and what a student is told.


def wrong_abs_of_sum(model, x, l1):
    """the absolute value of the sum; wanted the sum of absolute values"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.sum(1).abs().mean()


def wrong_count(model, x, l1):
    """the number of entries that are on: a count has no slope"""
    z = model.encode(x)
    return (
        reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * (z != 0).sum(1).to(z.dtype).mean()
    )


def wrong_detached_code(model, x, l1):
    """the penalty teaches the encoder nothing: is its code detached, or a number?"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.detach().abs().sum(1).mean()


def wrong_detached_decoder(model, x, l1):
    """the reconstruction teaches the encoder nothing: is the code that you decode detached?"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z.detach())) + l1 * z.abs().sum(1).mean()


def wrong_item(model, x, l1):
    """the penalty teaches the encoder nothing: is its code detached, or a number?"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.abs().sum(1).mean().item()


def wrong_l1_missing(model, x, l1):
    """the penalty is there without its weight l1"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + z.abs().sum(1).mean()


def wrong_l1_of_output(model, x, l1):
    """the penalty is on the reconstruction; wanted the code"""
    x_hat = model.decode(model.encode(x))
    return reconstruction_loss(x.flatten(1), x_hat) + l1 * x_hat.abs().sum(1).mean()


def wrong_mean_error(model, x, l1):
    """the reconstruction error is a mean over pixels; wanted the sum"""
    z = model.encode(x)
    return ((x.flatten(1) - model.decode(z)) ** 2).mean() + l1 * z.abs().sum(1).mean()


def wrong_mean_of_code(model, x, l1):
    """the mean over the code; wanted the sum over its entries"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.abs().mean()


def wrong_minus(model, x, l1):
    """the penalty is taken off; it should be added"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) - l1 * z.abs().sum(1).mean()


def wrong_mixture(model, x, l1):
    """the reconstruction error keeps its weight of 1"""
    z = model.encode(x)
    error = reconstruction_loss(x.flatten(1), model.decode(z))
    return (1 - l1) * error + l1 * z.abs().sum(1).mean()


def wrong_no_abs(model, x, l1):
    """the absolute value is missing: this code has entries below 0"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.sum(1).mean()


def wrong_no_grad(model, x, l1):
    """no gradient reaches the encoder: is the code detached, or made under no_grad?"""
    with torch.no_grad():
        z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.abs().sum(1).mean()


def wrong_penalty_missing(model, x, l1):
    """the penalty is missing"""
    return reconstruction_loss(x.flatten(1), model.decode(model.encode(x)))


def wrong_squared(model, x, l1):
    """the code is squared; wanted its absolute value"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * (z**2).sum(1).mean()


def wrong_sum_over_batch(model, x, l1):
    """the penalty is a sum over the batch; wanted the mean"""
    z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.abs().sum()


def wrong_weights(model, x, l1):
    """the penalty is on the weights; wanted the code"""
    z = model.encode(x)
    size = sum(p.abs().sum() for p in model.parameters())
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * size
