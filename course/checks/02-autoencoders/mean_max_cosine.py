"""2.9 Were the true directions found?"""

import math

import torch
from sklearn.metrics.pairwise import cosine_similarity
from torch import nn

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.sparse import mean_max_cosine as definition


def cases(g):
    true, learned = directions(g, 3, 5), directions(g, 7, 5)
    learned[2] = -2 * true[0]  # one of them is found upside down
    yield found(true, learned)
    yield found(directions(g, 4, 3), directions(g, 1, 3)).but(words="one learned direction")
    true = directions(g, 4, 3).abs()
    yield found(true, -true.flip(0)).but(words="all are upside down: each cosine is below 0")


def directions(g, n, d, dtype=draw.DOUBLE):
    """Rows of any length, from a thousandth to a hundred."""
    rows = nn.functional.normalize(draw.normal(g, n, d), dim=1)
    return (rows * 10 ** draw.uniform(g, n, 1, low=-3.0, high=2.0)).to(dtype)


def found(true, learned):
    return Call(true, learned).but(shape="one", dtype=False, tensor=False)


# Right, in ways that differ.


def right_cosine_similarity(true_dictionary, learned):
    cos = nn.functional.cosine_similarity(true_dictionary[:, None], learned[None], dim=-1)
    return cos.amax(-1).mean()


def right_matrix(true_dictionary, learned):
    a = true_dictionary / true_dictionary.norm(dim=1, keepdim=True)
    b = learned / learned.norm(dim=1, keepdim=True)
    return (a @ b.T).max(dim=1).values.mean()


def right_sklearn(true_dictionary, learned):
    return torch.tensor(
        cosine_similarity(true_dictionary.numpy(), learned.numpy()).max(axis=1).mean()
    )


def right_transposed(true_dictionary, learned):
    inner = learned @ true_dictionary.T  # (M, n)
    inner = inner / learned.norm(dim=1).unsqueeze(1) / true_dictionary.norm(dim=1)
    return inner.max(0)[0].sum() / inner.shape[1]


def right_two_loops(true_dictionary, learned):
    total = 0.0
    for t in true_dictionary.tolist():
        best = -1.0
        for l in learned.tolist():
            dot = sum(p * q for p, q in zip(t, l))
            size = math.sqrt(sum(p * p for p in t)) * math.sqrt(sum(q * q for q in l))
            best = max(best, dot / size)
        total += best
    return total / len(true_dictionary)


def right_unfold(true_dictionary, learned):
    best = torch.full((len(true_dictionary),), -2.0, dtype=torch.float64)
    for l in learned.double():
        cos = (true_dictionary.double() @ l) / (true_dictionary.double().norm(dim=1) * l.norm())
        best = torch.maximum(best, cos)
    return best.mean().reshape(1)


# Mistakes, and what a student is told.

A, B = ("torch.nn.functional.normalize(" + t + ", dim=1)" for t in ("true_dictionary", "learned"))
RETURN, COSINES, BEST = "return (a @ b.T)", "(a @ b.T)", "(a @ b.T).amax(1).mean()"

wrong_abs = change("a direction upside down does not count: no absolute value", COSINES, "(a @ b.T).abs()")  # fmt: skip
wrong_angle = change(
    "the mean of the angles, and then their cosine; the mean of the cosines is wanted",
    BEST,
    "(a @ b.T).amax(1).clamp(-1, 1).acos().mean().cos()",
)
wrong_axis_of_max = change("this is each learned direction's best match; each true one's is wanted", "amax(1)", "amax(0)")  # fmt: skip
wrong_axis_of_norm = change(
    "the columns are brought to length 1; the rows are the directions",
    RETURN,
    "a, b = (torch.nn.functional.normalize(t, dim=0) for t in (true_dictionary, learned))\n    "
    + RETURN,
)
wrong_best_starts_at_zero = change(
    "the best match starts at 0, and a cosine may be below it", "amax(1)", "amax(1).clamp(min=0)"
)
wrong_divided_by_learned = change(
    "divided by the number of learned directions; by that of the true ones",
    "mean()",
    "sum() / len(learned)",
)
wrong_epsilon = change(
    "a small number is added to the lengths; directions may be short",
    B,
    "learned / (learned.norm(dim=1, keepdim=True) + 1e-3)",
)
wrong_in_place = change(
    "learned is changed in place: it belongs to the caller, so work on a copy",
    B,
    "learned.div_(learned.norm(dim=1, keepdim=True))",
)
wrong_l1_norm = change(
    "the length is a root of squares; here entries are summed without their signs",
    RETURN,
    "a, b = (torch.nn.functional.normalize(t, p=1, dim=1) for t in (true_dictionary, learned))\n    "
    + RETURN,
)
wrong_largest_inner_product = change(
    "the match is the one of largest inner product; that of largest cosine is wanted",
    BEST,
    "(a * b[(true_dictionary @ learned.T).argmax(1)]).sum(1).mean()",
)
wrong_learned_not_normalised = change("the learned directions are not brought to length 1", B, "learned")  # fmt: skip
wrong_max_of_all = change("the best of all pairs; the best for each true direction is wanted", BEST, "(a @ b.T).max()")  # fmt: skip
wrong_mean_before_max = change("the mean is taken before the maximum", BEST, "(a @ b.T).mean(0).max()")  # fmt: skip
wrong_mean_of_all = change("the mean of all pairs; the best for each true direction is wanted", ".amax(1)", "")  # fmt: skip
wrong_median = change("the median over the true directions; their mean is wanted", "mean()", "median()")  # fmt: skip
wrong_not_normalised = change(
    "the directions are not brought to length 1",
    BEST,
    "(true_dictionary @ learned.T).amax(1).mean()",
)
wrong_same_row = change(
    "row i is matched with row i; the learned directions come in any order",
    BEST,
    "(a @ b.T).diagonal().mean()",
)
wrong_square = change("squared cosines; a cosine has its sign", COSINES, "(a @ b.T).square()")
wrong_sum = change("a sum over the true directions; their mean is wanted", "mean()", "sum()")
wrong_true_not_normalised = change("the true directions are not brought to length 1", A, "true_dictionary")  # fmt: skip
wrong_vector = change("one number for each true direction: the mean is missing", ".mean()", "")
