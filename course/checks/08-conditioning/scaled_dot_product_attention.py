"""8.3 Attention."""

import math

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.attention import scaled_dot_product_attention as definition


def cases(g):
    for sizes, masked in (
        (((3, 5, 7), (3, 5, 7), (3, 5, 7)), None),
        (((3, 5, 7), (3, 5, 7), (3, 5, 7)), (3, 5, 5)),
        (((2, 3, 4, 6), (2, 3, 5, 6), (2, 3, 5, 2)), None),
        (((2, 3, 4, 6), (2, 3, 5, 6), (2, 3, 5, 2)), (2, 1, 1, 5)),
        (((1, 5), (3, 5), (3, 2)), (3,)),
    ):
        mask = None if masked is None else readable(g, *masked)
        yield Call(*(1.5 * draw.normal(g, *size) for size in sizes), mask).but(gradient=True)
    q, k, v = draw.normal(g, 3, 2, 4, 5)
    yield Call(30 * q, 30 * k, v).but(words="large scores, up to some thousands")
    mask = readable(g, 4, 4)
    low = Call(400 * q.abs(), -400 * k.abs(), v, mask=mask)
    yield low.but(words="scores of some -100,000, and a mask")
    yield Call(q.float(), k.float(), v.float(), mask).but(rtol=1e-4, atol=1e-4)


def readable(g, *shape):
    """A mask: every query may read something, and must not read something else."""
    mask = torch.rand(shape, generator=g) < 0.5
    last = torch.randint(1, shape[-1], (*shape[:-1], 1), generator=g)
    return mask.index_fill(-1, torch.tensor(0), False).scatter(-1, last, True)


# Right, in ways that differ.


def right_additive_mask(q, k, v, mask=None):
    scores = torch.matmul(q, k.transpose(-2, -1)) / q.size(-1) ** 0.5
    if mask is not None:
        bias = torch.zeros(mask.shape, dtype=q.dtype).masked_fill(~mask, float("-inf"))
        scores = scores + bias
    return torch.matmul(nn.functional.softmax(scores, dim=-1), v)


def right_by_hand(q, k, v, mask=None):
    d = q.shape[-1]
    scores = (q / d**0.25) @ (k / d**0.25).mT
    scores = scores - scores.amax(-1, keepdim=True)
    weights = scores.exp()
    if mask is not None:
        scores = scores.masked_fill(mask.logical_not(), -1e30)
        weights = (scores - scores.amax(-1, keepdim=True)).exp()
    return weights @ v / weights.sum(-1, keepdim=True)


def right_einsum(q, k, v, mask=None):
    scores = torch.einsum("...id,...jd->...ij", q, k) * q.shape[-1] ** -0.5
    if mask is not None:
        scores = torch.where(mask, scores, torch.tensor(-1e9, dtype=q.dtype))
    return torch.einsum("...ij,...jd->...id", torch.softmax(scores, dim=-1), v)


def right_keys_as_columns(q, k, v, mask=None):
    scores = k @ q.transpose(-1, -2) / math.sqrt(k.shape[-1])  # (..., Lk, Lq)
    if mask is not None:
        scores = scores.masked_fill(~torch.atleast_2d(mask).transpose(-1, -2), -math.inf)
    return (v.transpose(-1, -2) @ scores.softmax(-2)).transpose(-1, -2)


def right_masked_in_place(q, k, v, mask=None):
    s = q @ k.transpose(-1, -2)
    s = s / math.sqrt(q.shape[-1])
    if mask is not None:
        s[~mask.expand_as(s)] = -float("inf")
    return torch.softmax(s, -1).matmul(v)


def right_plain(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def right_query_by_query(q, k, v, mask=None):
    out = []
    for i in range(q.shape[-2]):
        scores = (q[..., i : i + 1, :] * k).sum(-1) / math.sqrt(k.shape[-1])
        if mask is not None:
            rows = torch.atleast_2d(mask)
            row = rows[..., i if rows.shape[-2] > 1 else 0, :]
            scores = scores.masked_fill(~row, -math.inf)
        weights = (scores - scores.logsumexp(-1, keepdim=True)).exp()
        out.append((weights[..., None] * v).sum(-2))
    return torch.stack(out, -2)


# Mistakes, and what a student is told.


SCORES = "q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])"
FILL, SOFTMAX, RESULT = "scores.masked_fill(~mask, -math.inf)", "scores.softmax(-1)", "scores.softmax(-1) @ v"  # fmt: skip


def _scores(words, line, *more):
    return change(words, SCORES, line, *more)


def _fill(words, line, *more):
    return change(words, FILL, line, *more)


def _result(words, line, *more):
    return change(words, RESULT, line, *more)


OVER_QUERIES = "the softmax runs over the queries; the weights of each query are to add up to 1"
OVER_FIRST = "the softmax runs over the first axis; it should be the last, the keys"
NOT_SO_LOW = "a masked score of 0 still has a weight: it should be minus infinity"
LOW = "a masked score has to be lower than all others can be: minus infinity"

wrong_by_dim = _scores(
    "the scores are divided by d; by its root they should be, and once",
    "q @ k.transpose(-1, -2) / q.shape[-1]",
)
wrong_scaled_twice = _scores(
    "the scores are divided by d; by its root they should be, and once",
    f"q / math.sqrt(q.shape[-1]) @ {SCORES[4:]}",
)
wrong_no_scale = _scores(
    "the scale is missing: the scores are divided by the root of d", "q @ k.transpose(-1, -2)"
)
wrong_times_root = _scores(
    "the scores are multiplied by the root of d; divide", SCORES.replace("/", "*")
)
wrong_root_of_keys = _scores(
    "the root of d, the width of a query, not of the number of keys",
    SCORES.replace("q.shape[-1]", "k.shape[-2]"),
)
wrong_root_of_dv = _scores(
    "the root of d, the width of a query, not of a value", SCORES.replace("q.shape", "v.shape")
)
wrong_distance = _scores(
    "products are wanted, not distances", "-torch.cdist(q, k) / math.sqrt(q.shape[-1])"
)
wrong_normalised = _scores(
    "queries and keys keep their lengths",
    "nn.functional.normalize(q, dim=-1) @ nn.functional.normalize(k, dim=-1).transpose(-1, -2) "
    "/ math.sqrt(q.shape[-1])",
)
wrong_mean = _scores("all keys weigh the same", f"0 * ({SCORES})")
wrong_clamped = _scores("the scores are clamped: any number may come", f"({SCORES}).clamp(-50, 50)")
wrong_values_scored = _scores(
    "the queries are compared with the values; with the keys they should be",
    SCORES.replace("k.", "(v if v.shape[-1] == q.shape[-1] else k)."),
)
wrong_keys_and_values_swapped = _scores(
    "keys and values have changed places", SCORES.replace("k.", "v."), RESULT, f"{SOFTMAX} @ k"
)
wrong_t_of_all = _scores(
    "`.T` turns all axes round: swap the last two of k, and no others",
    "q @ k.T / math.sqrt(q.shape[-1])",
)
wrong_bmm = _scores(
    "`torch.bmm` takes three axes and no others: `@` takes any number",
    "torch.bmm(q, k.transpose(-1, -2)) / math.sqrt(q.shape[-1])",
)
wrong_keys_detached = _scores(
    "no gradient reaches the keys: they are detached", SCORES.replace("k.", "k.detach().")
)
wrong_queries_detached = _scores(
    "no gradient reaches the queries: they are detached", SCORES.replace("q @", "q.detach() @")
)
wrong_root_of_first = _scores(
    "the scale is taken from the first axis; d is the last one's length",
    SCORES.replace("q.shape[-1]", "q.shape[0]"),
)
wrong_in_place = _scores(
    "q was changed, and belongs to the caller: no `/=`; work on a copy",
    "q.div_(math.sqrt(q.shape[-1])) @ k.transpose(-1, -2)",
)
wrong_causal = _result(
    "no query may read what comes later here; a mask alone says what may be read",
    f"scores.masked_fill(torch.ones(scores.shape[-2:]).triu(1).bool(), -1e9).{RESULT[7:]}",
    FILL,
    FILL.replace("-math.inf", "-1e9"),
)
wrong_causal_infinite = _result(
    "no query may read what comes later here; a mask alone says what may be read",
    f"scores.masked_fill(torch.ones(scores.shape[-2:]).triu(1).bool(), -math.inf).{RESULT[7:]}",
)
wrong_mask_added = _fill(
    "the mask is added as 0 and 1: a masked score should be minus infinity",
    "scores + mask.to(q.dtype)",
)
wrong_mask_ignored = _fill("the mask is not used", "scores")
wrong_mask_minus_one = _fill(
    "a masked score of -1 still has a weight: it should be minus infinity",
    FILL.replace("-math.inf", "-1.0"),
)
wrong_mask_zero = _fill(NOT_SO_LOW, "scores * mask")
wrong_mask_tiny = _fill(NOT_SO_LOW, FILL.replace("-math.inf", "1e-9"))
wrong_mask_sign = _fill(
    "the mask is turned round: True is where a query may read", FILL.replace("~", "")
)
wrong_mask_subtracts = _fill(
    "a masked score is lower by 10: its weight is small, and should be 0",
    "scores - 10.0 * (~mask).to(q.dtype)",
)
wrong_mask_hundred = _fill(LOW, FILL.replace("-math.inf", "-100.0"))
wrong_mask_ten_thousand = _fill(LOW, FILL.replace("-math.inf", "-1e4"))
wrong_mask_changed = _fill(
    "the mask was changed, and belongs to the caller: `~mask` makes a new one",
    "scores.masked_fill(mask.logical_not_(), -math.inf)",
)
wrong_mask_after = _result(
    "the mask comes after the softmax, so that the weights no longer add up to 1",
    f"({SOFTMAX} if mask is None else {SOFTMAX} * mask) @ v",
    FILL,
    "scores",
)
wrong_mask_values = _result(
    "the mask comes after the softmax, so that the weights no longer add up to 1",
    f"({SOFTMAX} if mask is None else {SOFTMAX}.masked_fill(~mask, 0.0)) @ v",
    FILL,
    "scores",
)
wrong_detached = _result(
    "the weights are detached: no gradient reaches q and k", f"{SOFTMAX}.detach() @ v"
)
wrong_no_grad = _result("no gradient comes back: no .detach(), no no_grad", f"({RESULT}).detach()")
wrong_values_detached = _result(
    "no gradient reaches the values: they are detached", f"{RESULT}.detach()"
)
wrong_hard = _result(
    "only the best key counts: a softmax is wanted",
    "nn.functional.one_hot(scores.argmax(-1), scores.shape[-1]).to(v.dtype) @ v",
)
wrong_naive_exp = _result(
    "the exponentials overflow: softmax takes the largest score off first",
    "scores.exp() / scores.exp().sum(-1, keepdim=True) @ v",
)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {RESULT}", RESULT)
wrong_no_softmax = _result("the softmax is missing", "scores @ v", FILL, "scores * mask")
wrong_sigmoid = _result(
    "the weights of a query add up to 1: a softmax, not sigmoids", "scores.sigmoid() @ v"
)
wrong_softmax_twice = _result("a softmax of the softmax: one is wanted", f"{SOFTMAX}.softmax(-1) @ v")  # fmt: skip
wrong_dropout = _result(
    "weights are dropped by chance here: nothing is drawn",
    f"nn.functional.dropout({SOFTMAX}, 0.1) @ v",
)
wrong_over_all = _result(
    "the softmax runs over all queries and keys together",
    "scores.flatten(-2).softmax(-1).view(scores.shape) @ v",
)
wrong_over_first = _result(OVER_FIRST, "scores.softmax(0) @ v", "-math.inf", "-1e9")
wrong_over_first_infinite = _result(OVER_FIRST, "scores.softmax(0) @ v")
wrong_over_queries = _result(OVER_QUERIES, "scores.softmax(-2) @ v", "-math.inf", "-1e9")
wrong_over_queries_infinite = _result(OVER_QUERIES, "scores.softmax(-2) @ v")
wrong_scaled_weights = _result(
    "the scores are scaled, before the softmax, not the weights",
    f"{SOFTMAX} / math.sqrt(q.shape[-1]) @ v",
    SCORES,
    "q @ k.transpose(-1, -2)",
)
wrong_squeezed = _result(
    "an axis of length 1 is lost: squeeze takes all of them", f"({RESULT}).squeeze()"
)
wrong_float32 = _result(
    "float32 out, whatever comes in: keep the dtype of q", f"({RESULT}).float()"
)
wrong_weights_only = _result("these are the weights: multiply the values by them", SOFTMAX)
