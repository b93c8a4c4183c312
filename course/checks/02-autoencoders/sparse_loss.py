"""2.8 A price on the code."""

import copy

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing
from course.checks.exercise import change
from course.checks.slopes import slopes
from dgm.autoencoder import Autoencoder, denoising_loss, reconstruction_loss
from dgm.autoencoder import sparse_loss as definition
from dgm.sparse import SparseAutoencoder


def cases(g):
    images, vectors = 2 * draw.normal(g, 6, 1, 3, 4), 2 * draw.normal(g, 1, 6)
    yield from of(draw.module(g, lambda: Autoencoder(12, 5, (7,))), images, 0.3)
    sparse = draw.module(g, lambda: SparseAutoencoder(6, 11))
    yield from of(sparse, vectors, 0.7, "a SparseAutoencoder, ")


def of(model, x, l1, which=""):
    """The loss and its gradient by each of the model's parameters."""
    words = f"{which}x of shape {tuple(x.shape)}, l1 = {l1}"
    yield Call(model, x, l1).but(shape="one", dtype="float", words=words)

    def play(answer):
        mine = copy.deepcopy(model)
        loss = answer(mine, x.clone(), l1)
        return slopes(loss, **{f"the model's {name}": p for name, p in mine.named_parameters()})

    yield Doing(words, play)


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
    """the code is computed twice"""
    code = model.encode(x)
    size = torch.maximum(code, -code).sum() / x.size(0)
    return denoising_loss(model, x, x) + size * l1


def right_rows_made_flat(model, x, l1):
    flat = x.reshape(x.shape[0], -1)
    z = model.encode(flat)
    price = l1 * (z.relu() + (-z).relu()).sum(-1)
    return torch.mean((flat - model.decode(z)).pow(2).sum(-1) + price, dim=0, keepdim=True)


# Mistakes, and what a student is told.

PENALTY, ERROR = "l1 * z.abs().sum(1).mean()", "reconstruction_loss(x.flatten(1), x_hat)"
CUT = "the penalty teaches the encoder nothing: is its code detached, or a number?"

wrong_abs_of_sum = change(
    "the absolute value of a sum; the sum of absolute values is wanted",
    PENALTY,
    "l1 * z.sum(1).abs().mean()",
)
wrong_count = change(
    "the number of entries that are on; it has no slope: their size is wanted",
    PENALTY,
    "l1 * (z != 0).sum(1).to(z.dtype).mean()",
)
wrong_detached_code = change(CUT, PENALTY, "l1 * z.detach().abs().sum(1).mean()")
wrong_detached_decoder = change(
    "the reconstruction teaches the encoder nothing: is the code that you decode detached?",
    "decode(z)",
    "decode(z.detach())",
)
wrong_detached_reconstruction = change(
    "the reconstruction is detached: it teaches neither the encoder nor the decoder",
    "decode(z)",
    "decode(z).detach()",
)
wrong_encoder_alone = change(
    "encode is the method that gives the code; encoder is a part of some models",
    "model.encode(x)",
    "model.encoder(x.flatten(1))",
)
wrong_epsilon = change("the size of the code is rounded off at 0; it has a corner there", "z.abs()", "(z**2 + 1e-4).sqrt()")  # fmt: skip
wrong_error_root = change("the length of the error; its square is wanted", ERROR, "(x.flatten(1) - x_hat).norm(dim=1).mean()")  # fmt: skip
wrong_evaluation_mode = change(
    "the model's mode is changed: it belongs to the caller",
    "model.encode(x)",
    "model.eval().encode(x)",
)
wrong_in_place = change(
    "x is changed in place: it belongs to the caller, so work on a copy",
    ERROR,
    "x.flatten(1).sub_(x_hat).square().sum(1).mean()",
)
wrong_item = change(CUT, PENALTY, PENALTY + ".item()")
wrong_l1_missing = change("the penalty is there without its weight l1", "l1 * z", "z")
wrong_l1_of_output = change("the penalty is on the reconstruction; it belongs on the code", "z.abs()", "x_hat.abs()")  # fmt: skip
wrong_l1_squared = change("l1 is squared", "l1 * z", "l1**2 * z")
wrong_mean_error = change(
    "the reconstruction error is a mean over the entries of x; their sum is wanted",
    ERROR,
    ERROR + " / x[0].numel()",
)
wrong_mean_of_code = change("the mean over the code; the sum over its entries is wanted", PENALTY, "l1 * z.abs().mean()")  # fmt: skip
wrong_minus = change("the penalty is taken off; it is added", " + l1", " - l1")
wrong_mixture = change("the reconstruction error keeps its weight of 1", ERROR, f"(1 - l1) * {ERROR}")  # fmt: skip
wrong_no_abs = change("the absolute value is missing: a code may have entries below 0", "z.abs()", "z")  # fmt: skip
wrong_penalty_missing = change("the penalty is missing", " + " + PENALTY, "")
wrong_positive_part = change("entries below 0 cost too: take the absolute value", "z.abs()", "z.relu()")  # fmt: skip
wrong_shape_of_x = change(
    "decode gives flat rows, and x may hold images: make x flat, or the reconstruction an image",
    "x.flatten(1), x_hat",
    "x, x_hat",
)
wrong_squared = change("the code is squared; its absolute value is wanted", "z.abs()", "z.square()")
wrong_sum_over_batch = change("the penalty is a sum over the batch; its mean is wanted", "abs().sum(1).mean()", "abs().sum()")  # fmt: skip
wrong_weights = change(
    "the penalty is on the weights; it belongs on the code",
    PENALTY,
    "l1 * sum(p.abs().sum() for p in model.parameters())",
)


def wrong_no_grad(model, x, l1):
    """no gradient reaches the encoder: is the code detached, or made under no_grad?"""
    with torch.no_grad():
        z = model.encode(x)
    return reconstruction_loss(x.flatten(1), model.decode(z)) + l1 * z.abs().sum(1).mean()
