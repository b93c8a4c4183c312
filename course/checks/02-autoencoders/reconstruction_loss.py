"""2.1 How far is a reconstruction from its image?"""

import torch
import torch.nn.functional as F

from course.checks import draw
from course.checks.cases import Call, Doing
from course.checks.exercise import change
from course.checks.slopes import slopes
from dgm.autoencoder import reconstruction_loss as definition


def cases(g, shapes=((6, 2, 3, 4), (1, 5, 2)), dtype=draw.DOUBLE):
    for shape in shapes:
        x, x_hat = (draw.normal(g, *shape, dtype=dtype) for _ in range(2))
        yield Call(x, x_hat).but(shape="one", dtype="float")
        yield Doing(f"x of shape {shape}, its gradient", lambda a, x=x, y=x_hat: slope(a, x, y))
    yield Call(x, x).but(shape="one", dtype="float", words="a perfect reconstruction")
    yield Doing("a perfect reconstruction", lambda answer: slope(answer, x, x))


def slope(answer, x, x_hat):
    x_hat = x_hat.clone().requires_grad_()
    return slopes(answer(x.clone(), x_hat), x_hat=x_hat)


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
    """the mean over all entries, times the entries of one x"""
    return ((x - x_hat) ** 2).mean() * (x.numel() / x.shape[0])


def right_mse_sum_over_batch(x, x_hat):
    return F.mse_loss(x_hat, x, reduction="sum") / len(x)


def right_norm_squared(x, x_hat):
    length = torch.linalg.vector_norm((x_hat - x).reshape(len(x), -1), dim=1)
    return length.square().mean(0, keepdim=True)


def right_in_double(x, x_hat):
    return (x.double().detach() - x_hat.double()).square().sum(tuple(range(1, x.dim()))).mean()


# Mistakes, and what a student is told.

wrong_64_pixels = change("made for 64 entries: each x has as many as it has", ".sum(1).mean()", ".mean() * 64")  # fmt: skip
wrong_absolute = change("absolute errors; squares are wanted", "((x_hat - x) ** 2)", "(x_hat - x).abs()")  # fmt: skip
wrong_epsilon = change("a small number is added: a perfect reconstruction costs 0", "** 2)", "** 2 + 1e-6)")  # fmt: skip
wrong_half = change("half of it: there is no 1/2 in this formula", ".mean()", ".mean() / 2")
wrong_half_detached = change(
    "one of the two factors is detached, and half of the gradient is lost: square the error itself",
    "((x_hat - x) ** 2)",
    "((x_hat - x) * (x_hat - x).detach())",
)
wrong_images_only = change("right for images alone: events have any shape", ".reshape(len(x), -1).sum(1)", ".sum((1, 2, 3))")  # fmt: skip
wrong_first_axis = change("a sum over axis 1 alone: the event has three axes", ".reshape(len(x), -1)", "")  # fmt: skip
wrong_huber = change(
    "large errors are not squared: this is Huber's loss",
    "((x_hat - x) ** 2)",
    "(2 * torch.nn.functional.smooth_l1_loss(x_hat, x, reduction='none'))",
)
wrong_last_axis = change("a sum over the last axis alone: the event has three", ".reshape(len(x), -1).sum(1)", ".sum(-1)")  # fmt: skip
wrong_mean_over_pixels = change("a mean over the entries of x; their sum is wanted", ".sum(1)", ".mean(1)")  # fmt: skip
wrong_no_return = change("nothing comes back: the `return` is missing", "return ((", "((")
wrong_norm = change("the length of the error; its square is wanted", ".sum(1)", ".norm(dim=1)")
wrong_pixels_meaned_batch_summed = change(
    "the mean over the entries and the sum over the batch: it is the other way round",
    ".sum(1).mean()",
    ".mean(1).sum()",
)
wrong_root_squared = change(
    "a root that is squared again has no gradient at 0, where the reconstruction is perfect: leave both out",
    ".sum(1).mean()",
    ".sum(1).sqrt().square().mean()",
)
wrong_square_missing = change("the errors are added without a square, and cancel", " ** 2", "")
wrong_square_of_sum = change(
    "the square of the summed errors; square each, then sum",
    "** 2).reshape(len(x), -1).sum(1)",
    ").reshape(len(x), -1).sum(1).square()",
)
wrong_squeezed = change(
    "squeeze takes the first axis of a batch of one row too",
    ".reshape(len(x), -1)",
    ".squeeze().flatten(1)",
)
wrong_sum_over_batch = change("a sum over the batch too; its mean is wanted", ".mean()", ".sum()")
wrong_vector = change("one number for each row: the mean over the batch is missing", ".mean()", "")


def wrong_detached(x, x_hat):
    """no gradient reaches x_hat: return a tensor, without .item(), .detach() or no_grad"""
    return ((x - x_hat.detach()) ** 2).flatten(1).sum(1).mean()


def wrong_in_place(x, x_hat):
    """x is changed in place: it belongs to the caller, so work on a copy"""
    x -= x_hat
    return (x**2).flatten(1).sum(1).mean()


def wrong_in_place_of_x_hat(x, x_hat):
    """x_hat is changed in place: it belongs to the caller, so work on a copy"""
    return x_hat.sub_(x).square().flatten(1).sum(1).mean()


def wrong_item(x, x_hat):
    """no gradient reaches x_hat: return a tensor, without .item(), .detach() or no_grad"""
    return ((x - x_hat) ** 2).flatten(1).sum(1).mean().item()
