"""TITLE."""

import torch
import torch.nn.functional as F

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.autoencoder import reconstruction_loss as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_einsum(x, x_hat):
    r = x.flatten(start_dim=1) - x_hat.flatten(start_dim=1)
    return torch.einsum("bd,bd->b", r, r).mean()


def right_flatten_sum_mean(x, x_hat):
    return (x - x_hat).pow(2).flatten(1).sum(dim=1).mean()


def right_loop(x, x_hat):
    total = 0
    for a, b in zip(x, x_hat):
        diff = (a - b).reshape(-1)
        total = total + torch.dot(diff, diff)
    return total / x.shape[0]


def right_mean_times_pixels(x, x_hat):
    # the mean over all entries, times the entries of one x
    return ((x - x_hat) ** 2).mean() * (x.numel() / x.shape[0])


def right_mse_sum_over_batch(x, x_hat):
    return F.mse_loss(x_hat, x, reduction="sum") / len(x)


def right_norm_squared(x, x_hat):
    return (
        torch.linalg.vector_norm((x_hat - x).reshape(len(x), -1), dim=1)
        .square()
        .mean(0, keepdim=True)
    )


# Mistakes, and what a student is told.


def wrong_64_pixels(x, x_hat):
    """divides by the batch as if each x had 64 pixels: right for the digits"""
    return ((x - x_hat) ** 2).mean() * 64


def wrong_absolute(x, x_hat):
    """absolute errors, not squares"""
    return (x - x_hat).abs().flatten(1).sum(1).mean()


def wrong_detached(x, x_hat):
    """no gradient reaches x_hat: return a tensor, without .item(), .detach() or no_grad"""
    return ((x - x_hat.detach()) ** 2).flatten(1).sum(1).mean()


def wrong_first_axis(x, x_hat):
    """a sum over axis 1 alone: the event has three axes"""
    return ((x - x_hat) ** 2).sum(1).mean()


def wrong_half(x, x_hat):
    """half of it: there is no 1/2 in this formula"""
    return 0.5 * ((x - x_hat) ** 2).flatten(1).sum(1).mean()


def wrong_in_place(x, x_hat):
    """takes the reconstruction off the caller's x in place"""
    x -= x_hat
    return (x**2).flatten(1).sum(1).mean()


def wrong_item(x, x_hat):
    """no gradient reaches x_hat: return a tensor, without .item(), .detach() or no_grad"""
    return ((x - x_hat) ** 2).flatten(1).sum(1).mean().item()


def wrong_last_axis(x, x_hat):
    """a sum over the last axis alone: the event has three"""
    return ((x - x_hat) ** 2).sum(-1).mean()


def wrong_mean_over_pixels(x, x_hat):
    """a mean over pixels in place of the sum"""
    return torch.nn.functional.mse_loss(x_hat, x)


def wrong_no_return(x, x_hat):
    """the return is missing"""
    ((x - x_hat) ** 2).flatten(1).sum(1).mean()


def wrong_norm(x, x_hat):
    """the length of the error, not its square"""
    return (x - x_hat).flatten(1).norm(dim=1).mean()


def wrong_pixels_meaned_batch_summed(x, x_hat):
    """the mean over pixels and the sum over the batch: the other way round"""
    return ((x - x_hat) ** 2).flatten(1).mean(1).sum()


def wrong_square_missing(x, x_hat):
    """the errors are added without a square, and cancel"""
    return (x - x_hat).flatten(1).sum(1).mean()


def wrong_square_of_sum(x, x_hat):
    """the square of the sum of the errors"""
    return (x - x_hat).flatten(1).sum(1).square().mean()


def wrong_sum_over_batch(x, x_hat):
    """a sum over the batch too; it should be a mean"""
    return ((x - x_hat) ** 2).sum()


def wrong_vector(x, x_hat):
    """one number for each row: the mean over the batch is missing"""
    return ((x - x_hat) ** 2).flatten(1).sum(1)
