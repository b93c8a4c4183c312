"""TITLE."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.autoencoder import denoising_loss as definition
from dgm.autoencoder import reconstruction_loss


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_by_hand(model, x, x_noisy):
    guess = model(x_noisy)
    return (guess - x).square().flatten(1).sum(1).mean()


def right_expanded_square(model, x, x_noisy):
    a, b = x.flatten(1), model(x_noisy).flatten(1)
    return ((a * a).sum() - 2 * (a * b).sum() + (b * b).sum()) / len(a)


def right_loop(model, x, x_noisy):
    out = model(x_noisy)
    total = 0.0
    for i in range(len(x)):
        total = total + ((out[i] - x[i]) ** 2).sum()
    return total * (1 / len(x))


def right_mse(model, x, x_noisy):
    return nn.MSELoss(reduction="sum")(model(x_noisy), x) / x.shape[0]


def right_reuse_swapped(model, x, x_noisy):
    # the squared error is symmetric
    return reconstruction_loss(model(x_noisy), x)


# Mistakes, and what a student is told.


def wrong_backward_inside(model, x, x_noisy):
    """no gradient reaches the model: no .item(), no .detach(), no no_grad"""
    loss = reconstruction_loss(x, model(x_noisy))
    loss.backward()
    return loss.detach()


def wrong_both_through_model(model, x, x_noisy):
    """the clean x went through the model too; it is the target as it is"""
    return reconstruction_loss(model(x), model(x_noisy))


def wrong_detached(model, x, x_noisy):
    """no gradient reaches the model: no .item(), no .detach(), no no_grad"""
    return reconstruction_loss(x, model(x_noisy).detach())


def wrong_half(model, x, x_noisy):
    """half of it: there is no 1/2 in this formula"""
    return reconstruction_loss(x, model(x_noisy)) / 2


def wrong_input_clean(model, x, x_noisy):
    """the model should see the noisy x; it saw the clean one"""
    return reconstruction_loss(x, model(x))


def wrong_item(model, x, x_noisy):
    """no gradient reaches the model: no .item(), no .detach(), no no_grad"""
    return reconstruction_loss(x, model(x_noisy)).item()


def wrong_mean(model, x, x_noisy):
    """a mean over pixels in place of the sum"""
    return ((model(x_noisy) - x) ** 2).mean()


def wrong_model_unused(model, x, x_noisy):
    """the model is not used"""
    return reconstruction_loss(x, x_noisy)


def wrong_no_grad(model, x, x_noisy):
    """no gradient reaches the model: no .item(), no .detach(), no no_grad"""
    with torch.no_grad():
        x_hat = model(x_noisy)
    return reconstruction_loss(x, x_hat)


def wrong_noise_again(model, x, x_noisy):
    """adds noise once more to what is noisy already"""
    return reconstruction_loss(x, model(x_noisy + 0.3 * torch.randn_like(x_noisy)))


def wrong_noise_predicted(model, x, x_noisy):
    """the target is the noise; it should be the clean x"""
    return reconstruction_loss(x_noisy - x, model(x_noisy))


def wrong_residual(model, x, x_noisy):
    """the model's output is the guess of x itself; add nothing to it"""
    return reconstruction_loss(x, x_noisy + model(x_noisy))


def wrong_sum(model, x, x_noisy):
    """a sum over the batch too; it should be a mean"""
    return ((model(x_noisy) - x) ** 2).sum()


def wrong_swapped(model, x, x_noisy):
    """x and x_noisy are swapped: noisy in, clean as the target"""
    return reconstruction_loss(x_noisy, model(x))


def wrong_target_noisy(model, x, x_noisy):
    """the target is the clean x, not the noisy one: a copier would be perfect"""
    return reconstruction_loss(x_noisy, model(x_noisy))


def wrong_vector(model, x, x_noisy):
    """one number for each row"""
    return ((model(x_noisy) - x) ** 2).flatten(1).sum(1)
