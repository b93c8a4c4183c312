"""2.5 The denoising loss."""

import copy

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing
from course.checks.exercise import change
from course.checks.slopes import slopes
from dgm.autoencoder import Autoencoder, reconstruction_loss
from dgm.autoencoder import denoising_loss as definition


def cases(g, shapes=((5, 1, 3, 4), (1, 6)), dtype=draw.DOUBLE):
    for shape in shapes:
        x, noise = (2 * draw.normal(g, *shape, dtype=dtype) for _ in range(2))
        model = draw.module(g, lambda d=x[0].numel(): Autoencoder(d, 3, (5,)), dtype)
        yield Call(model, x, x + noise).but(shape="one", dtype="float")

        def play(answer, model=model, x=x, x_noisy=x + noise):
            model = copy.deepcopy(model)
            loss = answer(model, x.clone(), x_noisy.clone())
            return slopes(loss, **{f"the model's {n}": p for n, p in model.named_parameters()})

        yield Doing(f"x of shape {shape}", play)


# Right, in ways that differ.


def right_by_hand(model, x, x_noisy):
    guess = model(x_noisy)
    return (guess - x).square().flatten(1).sum(1).mean()


def right_detached_data(model, x, x_noisy):
    return reconstruction_loss(x.detach(), model(x_noisy.detach()))


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
    """the squared error is symmetric"""
    return reconstruction_loss(model(x_noisy), x)


# Mistakes, and what a student is told.

CUT = "no gradient reaches the model: no .item(), no .detach(), no no_grad"
CALL, X_HAT = "reconstruction_loss(x, model(x_noisy))", "model(x_noisy)"

wrong_both_through_model = change(
    "the clean x goes through the model too; it is the target as it is",
    "loss(x, model",
    "loss(model(x), model",
)
wrong_clamped = change("the noisy x is clipped; the model sees it as it is", X_HAT, "model(x_noisy.clamp(-1, 1))")  # fmt: skip
wrong_clamped_in_place = change(
    "x_noisy is clipped, and in place: the model sees it as it is, and it belongs to the caller",
    X_HAT,
    "model(x_noisy.clamp_(-1, 1))",
)
wrong_clean_and_noisy = change(
    "the loss of the clean x is added; the model sees the noisy one alone",
    CALL,
    CALL + " + reconstruction_loss(x, model(x))",
)
wrong_detached = change(CUT, X_HAT, "model(x_noisy).detach()")
wrong_output_clipped = change(
    "the model's output is clipped; it counts as it is", X_HAT, "model(x_noisy).clamp(-1, 1)"
)
wrong_evaluation_mode = change(
    "the model is put into evaluation mode: its mode belongs to the caller",
    X_HAT,
    "model.eval()(x_noisy)",
)
wrong_half = change("half of it: there is no 1/2 in this formula", CALL, CALL + " / 2")
wrong_input_clean = change("the model sees the clean x; it should see the noisy one", X_HAT, "model(x)")  # fmt: skip
wrong_item = change(CUT, CALL, CALL + ".item()")
wrong_mean = change("a mean over the entries of x; their sum is wanted", CALL, CALL + " / x[0].numel()")  # fmt: skip
wrong_model_unused = change("the model is not used", X_HAT, "x_noisy")
wrong_noise_in_place = change(
    "the target is the noise, and x_noisy is changed in place: the target is the clean x, and x_noisy belongs to the caller",
    CALL,
    "reconstruction_loss(model(x_noisy.clone()), x_noisy.sub_(x))",
)
wrong_noise_predicted = change("the target is the noise; it should be the clean x", "loss(x,", "loss(x_noisy - x,")  # fmt: skip
wrong_residual = change("the model's output is the guess of x itself; add nothing to it", X_HAT, "x_noisy + model(x_noisy)")  # fmt: skip
wrong_sum = change("a sum over the batch too; its mean is wanted", CALL, CALL + " * len(x)")
wrong_swapped = change("x and x_noisy are swapped: noisy in, clean as the target", "(x, model(x_noisy))", "(x_noisy, model(x))")  # fmt: skip
wrong_target_noisy = change(
    "the target is the clean x, not the noisy one: a copier would be perfect",
    "loss(x,",
    "loss(x_noisy,",
)


def wrong_backward_inside(model, x, x_noisy):
    """backward belongs to the training loop: return the loss with its graph"""
    loss = reconstruction_loss(x, model(x_noisy))
    loss.backward()
    return loss.detach()


def wrong_no_grad(model, x, x_noisy):
    """no gradient reaches the model: no .item(), no .detach(), no no_grad"""
    with torch.no_grad():
        x_hat = model(x_noisy)
    return reconstruction_loss(x, x_hat)


def wrong_noise_again(model, x, x_noisy):
    """noise is added to what is noisy already: x_noisy is given, so nothing is drawn here"""
    return reconstruction_loss(x, model(x_noisy + 0.3 * torch.randn_like(x_noisy)))


def wrong_vector(model, x, x_noisy):
    """one number for each row: the mean over the batch is missing"""
    return ((model(x_noisy) - x) ** 2).flatten(1).sum(1)
