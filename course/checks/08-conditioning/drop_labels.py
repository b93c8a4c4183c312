"""8.1 Dropped labels."""

import math

import torch
from torch import nn

from course.checks import draw, laws
from course.checks.cases import Call, Law, Reading, holds
from course.checks.exercise import change
from dgm.guidance import drop_labels as definition
from dgm.guidance import null_like

LABEL, EMPTY = 12, torch.tensor([1, 0, 0, 0])


def cases(g):
    seed = draw.seeded(g).initial_seed()
    y, tokens = torch.randint(9, (300,), generator=g), torch.randint(2, 9, (40, 4), generator=g)
    yield Call(y, 0.27, LABEL, draw.seeded(g)).but(values=False)
    yield Call(y, 0.27, LABEL).but(values=False, words="without a generator")
    yield Call(y[:1].int(), 1.0, LABEL, draw.seeded(g))
    yield Call(y[:6], 0.0, LABEL, draw.seeded(g))
    yield Call(tokens.int(), 0.6, EMPTY, draw.seeded(g)).but(values=False)
    yield Call(tokens.int(), 1.0, EMPTY, generator=draw.seeded(g))
    yield Law("labels, p = 0.27", lambda answer: dropped(answer, (20000,), 0.27, LABEL, seed))
    yield Law("labels, p = 0.0035", lambda answer: dropped(answer, (20000,), 0.0035, LABEL, seed))
    yield Law("y of shape (2000, 4), p = 0.27", lambda answer: dropped(answer, (2000, 4), 0.27, EMPTY, seed))  # fmt: skip
    yield Law("many calls on 20 labels, p = 0.27", lambda answer: again_and_again(answer, y[:20], 0.27, LABEL, seed))  # fmt: skip
    yield Law("", lambda answer: laws.of_the_generator(lambda g: answer(y.clone(), 0.27, LABEL, g), "rows"))  # fmt: skip


def dropped(answer, shape, p, null, seed, dtype=torch.int64):
    """Each row is its own or null; how many are, and that neighbours have coins of their own."""
    y = torch.randint(2, 9, shape, generator=laws.seeded(seed)).to(dtype)
    got = answer(y.clone(), p, null, laws.seeded(seed + 1))
    gone, kept = ((got == other).reshape(len(y), -1) for other in (null, y))
    yield holds((gone | kept).all(), "something is neither y nor the null condition")
    yield holds((gone.all(1) | kept.all(1)).all(), "a row is null in part: it is dropped as a whole, or kept as a whole")  # fmt: skip
    gone = gone.all(1)
    yield laws.share(gone, p, "the share of rows that are dropped")
    if p > 0.1:  # else too few for what follows
        yield from laws.each_alone(gone, ("neighbouring rows",), "the rows: len(y)")


def again_and_again(answer, y, p, null, seed, calls=300):
    """The coins of many calls with one generator: their number, each row's share, their neighbours."""
    g = laws.seeded(seed)
    coins = torch.stack([answer(y.clone(), p, null, g) == null for _ in range(calls)]).double()
    if len(y) > 1:
        spread = coins.sum(1).var().item() / (len(y) * p * (1 - p))
        yield Reading("the variance of how many are dropped in a call, over what it should be,", spread, 1.0, laws.SIX * math.sqrt(2 / calls), "Each row tosses a coin of its own")  # fmt: skip
    off = coins.mean(0) - p
    most = off[off.abs().argmax()].item()
    yield Reading("the share of the calls in which a row is dropped", p + most, p, laws.SIX * math.sqrt(p * (1 - p) / calls), "Each row in each call tosses a coin of its own")  # fmt: skip
    yield from laws.each_alone(coins, ("two calls", "two rows"), "the rows: len(y)")


# Right, in ways that differ.


def right_arithmetic(y, p, null, generator=None):
    keep = (torch.rand(len(y), generator=generator) >= p).to(y.dtype)
    keep = keep.reshape(len(y), *(1 for _ in y.shape[1:]))
    return keep * y + (1 - keep) * null_like(null, y)


def right_bernoulli(y, p, null, generator=None):
    coin = torch.bernoulli(torch.full((len(y),), float(p)), generator=generator).bool()
    out = y.clone()
    for i in range(len(y)):
        if coin[i]:
            out[i] = torch.as_tensor(null)
    return out


def right_clone(y, p, null, generator=None):
    out = y.clone()
    out[torch.rand(y.shape[0], generator=generator) < p] = torch.as_tensor(null, dtype=y.dtype)
    return out


def right_row_by_row(y, p, null, generator=None):
    rows = []
    for row, u in zip(y, torch.rand(len(y), generator=generator).tolist()):
        rows.append(torch.as_tensor(null, dtype=y.dtype) if u < p else row)
    return torch.stack(rows)


def right_upper_end(y, p, null, generator=None):
    dropped = 1 - torch.rand(len(y), generator=generator, dtype=torch.float64) <= p
    return torch.where(dropped.reshape((-1,) + (1,) * (y.ndim - 1)), null_like(null, y), y)


def right_where(y, p, null, generator=None):
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.view(-1, *[1] * (y.dim() - 1)), null_like(null, y), y)


# Mistakes, and what a student is told.


COIN = "torch.rand(len(y), generator=generator, device=y.device) < p"
WHERE = "torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)"


def _coin(words, line):
    return change(words, COIN, line)


def _where(words, line):
    return change(words, WHERE, line)


SWAPPED = "p and 1 - p have changed places: rows are dropped where rand is below p"
ONE_COIN = "all rows are dropped, or none: each row tosses a coin of its own"
GLOBAL = "torch's global generator is used or seeded: draw from the one that is given"

wrong_exact_share = _coin(
    "always the same number of rows is dropped: each row tosses a coin of its own",
    "torch.randperm(len(y), generator=generator) < int(p * len(y))",
)
wrong_first_rows = _coin(
    "always the first rows are dropped: chance decides", "torch.arange(len(y)) < p * len(y)"
)
wrong_global_seed = _coin(GLOBAL, f"(torch.manual_seed(0), {COIN})[1]")
wrong_no_generator = _coin(
    "the generator that is given is not used: pass generator=generator", "torch.rand(len(y)) < p"
)
wrong_seed_inside = _coin(
    "a seed is set inside, so that the same rows are dropped in each call",
    "torch.rand(len(y), generator=torch.Generator().manual_seed(0)) < p",
)
wrong_seed_where_none_is_given = _coin(
    "without a generator a seed is set inside: torch's own draws then",
    "torch.rand(len(y), generator=generator or torch.Generator().manual_seed(0)) < p",
)
wrong_half = _coin(
    "every other row is dropped, whatever p is",
    "torch.randint(2, (len(y),), generator=generator).bool()",
)
wrong_tenth = _coin("p is an argument; this is 0.1", COIN.replace("< p", "< 0.1"))
wrong_normal = _coin(
    "these are draws of N(0, 1): torch.rand lies below p with probability p",
    COIN.replace("rand(", "randn("),
)
wrong_hundred_levels = _coin(
    "p is rounded to hundredths: torch.rand lies below any p as often as it should",
    "torch.randint(100, (len(y),), generator=generator) < 100 * p",
)
wrong_squared = _coin(
    "two coins are tossed for a row, and p is squared",
    "(torch.rand(2, len(y), generator=generator) < p).all(0)",
)
wrong_keeps_with_p = _coin(SWAPPED, COIN.replace("<", ">"))
wrong_neighbours = _coin(
    "neighbouring rows share a coin: each tosses its own",
    "torch.rand((len(y) + 1) // 2, generator=generator).repeat_interleave(2)[: len(y)] < p",
)
wrong_halves = _coin(
    "the second half of the rows has the coins of the first: each tosses its own",
    "torch.rand((len(y) + 1) // 2, generator=generator).repeat(2)[: len(y)] < p",
)
wrong_class_coin = _coin(
    "all rows of a label share a coin: each row tosses its own",
    "(torch.rand(99, generator=generator) < p)[y if y.ndim == 1 else y[:, 0]]",
)
wrong_antithetic = _coin(
    "the second half's draws are one minus the first's: each row draws alone",
    "torch.cat([(u := torch.rand((len(y) + 1) // 2, generator=generator)), 1 - u])[: len(y)] < p",
)
wrong_first_kept = _coin(
    "the first row is never dropped: all are alike",
    f"({COIN}) & (torch.arange(len(y)) > int(p < 1) - 1)",
)
wrong_one_coin = _coin(ONE_COIN, "torch.rand(1, generator=generator).expand(len(y)) < p")
wrong_entries = change(
    "each entry is dropped alone: a row is dropped as a whole, or kept as a whole",
    COIN,
    COIN.replace("len(y)", "y.shape"),
    WHERE,
    "torch.where(dropped, null_like(null, y), y)",
)
wrong_rank_one = _where(
    "right for labels alone: for rows of any shape the condition needs as many axes as y",
    "torch.where(dropped, torch.as_tensor(null, dtype=y.dtype), y)",
)
wrong_float = _where("the labels have become floats: keep the dtype of y", f"{WHERE}.float()")
wrong_int64 = _where("int64 out, whatever comes in: keep the dtype of y", f"{WHERE}.long()")
wrong_wide_null = _where(
    "the null condition brings its own dtype: keep that of y",
    WHERE.replace("null_like(null, y)", "torch.as_tensor(null)"),
)
wrong_mask = _where("this is the mask; the labels are wanted", "dropped")
wrong_removed = _where("the dropped rows are left out: they become the null condition", "y[~dropped]")  # fmt: skip
wrong_squeezed = _where("one row alone loses its axis", f"{WHERE}.squeeze()")
wrong_where_swapped = _where(SWAPPED, WHERE.replace("null_like(null, y), y", "y, null_like(null, y)"))  # fmt: skip
wrong_minus_one = _where(
    "null is an argument; dropped rows became -1 here",
    WHERE.replace("null_like(null, y)", "-torch.ones_like(y)"),
)
wrong_zero = _where(
    "null is an argument; dropped rows became 0 here",
    WHERE.replace("null_like(null, y)", "torch.zeros_like(y)"),
)
wrong_ten = _where(
    "null is an argument; dropped labels became 10 here",
    WHERE.replace("null_like(null, y)", "null_like(10 if y.ndim == 1 else null, y)"),
)
wrong_next_class = _where(
    "null is an argument; dropped rows became one more than the largest label here",
    WHERE.replace("null_like(null, y)", "torch.full_like(y, int(y.max()) + 1)"),
)
wrong_shuffled = _where(
    "dropped rows got another row's label: the null condition is wanted",
    WHERE.replace("null_like(null, y)", "y[torch.randperm(len(y), generator=generator)]"),
)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {WHERE}", WHERE)


def wrong_in_place(y, p, null, generator=None):
    """y was changed, and its labels would be lost for good: work on a copy"""
    y[torch.rand(len(y), generator=generator) < p] = torch.as_tensor(null, dtype=y.dtype)
    return y


def wrong_in_place_and_clone(y, p, null, generator=None):
    """y was changed, and its labels would be lost for good: work on a copy"""
    return wrong_in_place(y, p, null, generator).clone()


def wrong_dropout(y, p, null, generator=None):
    """dropout sets entries to 0 and makes the others larger; no label is a size"""
    return nn.functional.dropout(y.float(), p).to(y.dtype)


def wrong_never(y, p, null, generator=None):
    """no row is ever dropped"""
    return y.clone()


def wrong_same_object(y, p, null, generator=None):
    """no row is ever dropped"""
    return y


def wrong_whole_batch(y, p, null, generator=None):
    """all rows are dropped, or none: each row tosses a coin of its own"""
    if torch.rand(1, generator=generator).item() < p:
        return null_like(null, y).clone()
    return y.clone()
