"""TITLE."""

import math

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.attention import scaled_dot_product_attention as definition


def cases(g):
    raise NotImplementedError


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
        scores = scores.masked_fill(~mask.transpose(-1, -2), -math.inf)
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
            row = mask[..., i, :] if mask.shape[-2] > 1 else mask[..., 0, :]
            scores = scores.masked_fill(~row, -math.inf)
        weights = (scores - scores.logsumexp(-1, keepdim=True)).exp()
        out.append((weights[..., None] * v).sum(-2))
    return torch.stack(out, -2)


# Mistakes, and what a student is told.


def wrong_by_dim(q, k, v, mask=None):
    """divided by d, not by its root"""
    # SAID: without a mask: the scores are divided by d (or by its root, twice); once by its root
    scores = q @ k.transpose(-1, -2) / q.shape[-1]
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_causal(q, k, v, mask=None):
    """always causal: no query reads what comes later"""
    # SAID: without a mask: no query may read what comes later; there is nothing of that kind here
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    early = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    mask = early if mask is None else early & mask
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    return scores.softmax(-1) @ v


def wrong_detached(q, k, v, mask=None):
    """the weights are detached"""
    # SAID: no gradient reaches q: is something detached?
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1).detach() @ v


def wrong_distance(q, k, v, mask=None):
    """distances in place of products"""
    # SAID: without a mask: products are wanted, not distances
    scores = -torch.cdist(q, k) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_hard(q, k, v, mask=None):
    """the best key alone"""
    # SAID: without a mask: only the best key counts: a softmax is wanted
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return nn.functional.one_hot(scores.argmax(-1), scores.shape[-1]).to(v.dtype) @ v


def wrong_in_place(q, k, v, mask=None):
    """q is changed in place"""
    # SAID: q, k or v has been changed in place
    # RAISES: RuntimeError
    q /= math.sqrt(q.shape[-1])
    scores = q @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_keys_and_values_swapped(q, k, v, mask=None):
    """keys and values swapped"""
    # SAID: without a mask: keys and values have changed places
    # RAISES: RuntimeError
    k, v = v, k
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_mask_added(q, k, v, mask=None):
    """the mask is added as 0 and 1"""
    # SAID: with a mask: the mask is added as 0 and 1: a masked score should be minus infinity
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores + mask.to(q.dtype)
    return scores.softmax(-1) @ v


def wrong_mask_after(q, k, v, mask=None):
    """the mask comes after the softmax: the weights no longer add up to 1"""
    # SAID: with a mask: the mask comes after the softmax, so that the weights no longer add up to 1
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    weights = scores.softmax(-1)
    if mask is not None:
        weights = weights * mask
    return weights @ v


def wrong_mask_ignored(q, k, v, mask=None):
    """the mask is ignored"""
    # SAID: with a mask: the mask is not used
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    return scores.softmax(-1) @ v


def wrong_mask_minus_one(q, k, v, mask=None):
    """masked scores become -1"""
    # SAID: with a mask: a masked score of -1 still has a weight: it should be minus infinity
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -1.0)
    return scores.softmax(-1) @ v


def wrong_mask_sign(q, k, v, mask=None):
    """the mask with the wrong sign: reads what it must not"""
    # SAID: with a mask: the mask is turned round: True is where a query MAY read
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_mask_subtracts(q, k, v, mask=None):
    """10 is taken off a masked score"""
    # SAID: with a mask: a masked score is lower by 10: its weight is small, and should be 0
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores - 10.0 * (~mask).to(q.dtype)
    return scores.softmax(-1) @ v


def wrong_mask_tiny(q, k, v, mask=None):
    """masked scores become a tiny positive number"""
    # SAID: with a mask: a masked score of 0 still has a weight: it should be minus infinity
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, 1e-9)
    return scores.softmax(-1) @ v


def wrong_mask_values(q, k, v, mask=None):
    """the masked values become 0 and keep their weight"""
    # SAID: with a mask: the mask comes after the softmax, so that the weights no longer add up to 1
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    weights = scores.softmax(-1)
    if mask is not None:
        weights = weights.masked_fill(~mask, 0.0)
    return weights @ v


def wrong_mask_zero(q, k, v, mask=None):
    """masked scores become 0, not minus infinity"""
    # SAID: with a mask: a masked score of 0 still has a weight: it should be minus infinity
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores * mask
    return scores.softmax(-1) @ v


def wrong_mean(q, k, v, mask=None):
    """all keys weigh the same"""
    # SAID: without a mask: all keys weigh the same
    scores = 0 * (q @ k.transpose(-1, -2))
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_naive_exp(q, k, v, mask=None):
    """exp without taking the largest off: overflows"""
    # SAID: with large scores: NaN. The exponentials overflow; use softmax
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    weights = scores.exp()
    if mask is not None:
        weights = weights * mask
    return weights / weights.sum(-1, keepdim=True) @ v


def wrong_no_return(q, k, v, mask=None):
    """no return"""
    # SAID: returned None: did you forget `return`?
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    out = scores.softmax(-1) @ v


def wrong_no_scale(q, k, v, mask=None):
    """the scale is missing"""
    # SAID: without a mask: the scale is missing: the scores are to be divided by the root of d
    scores = q @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_no_softmax(q, k, v, mask=None):
    """no softmax"""
    # SAID: without a mask: the softmax is missing
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores * mask
    return scores @ v


def wrong_normalised(q, k, v, mask=None):
    """queries and keys are brought to length 1"""
    # SAID: without a mask: queries and keys keep their lengths
    q, k = nn.functional.normalize(q, dim=-1), nn.functional.normalize(k, dim=-1)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_over_all(q, k, v, mask=None):
    """softmax over all queries and keys together"""
    # SAID: without a mask: the softmax runs over all queries and keys together
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.flatten(-2).softmax(-1).view(scores.shape) @ v


def wrong_over_first(q, k, v, mask=None):
    """softmax over the first axis"""
    # SAID: without a mask: the softmax runs over the first axis; it should be the last, the keys
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    return scores.softmax(0) @ v


def wrong_over_queries(q, k, v, mask=None):
    """softmax over the queries"""
    # SAID: without a mask: the softmax runs over the queries; the weights of each query are to add up to 1
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -1e9)
    return scores.softmax(-2) @ v


def wrong_root_of_dv(q, k, v, mask=None):
    """divided by the root of the values' width"""
    # SAID: without a mask: the root of d, the width of a query, not of a value
    scores = q @ k.transpose(-1, -2) / math.sqrt(v.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_root_of_keys(q, k, v, mask=None):
    """divided by the root of the number of keys"""
    # SAID: without a mask: the root of d, the width of a query, not of the number of keys
    scores = q @ k.transpose(-1, -2) / math.sqrt(k.shape[-2])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_scaled_twice(q, k, v, mask=None):
    """scaled twice"""
    # SAID: without a mask: the scores are divided by d (or by its root, twice); once by its root
    scores = q / math.sqrt(q.shape[-1]) @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_scaled_weights(q, k, v, mask=None):
    """the weights are scaled, not the scores"""
    # SAID: without a mask: the scores are to be scaled, before the softmax, not the weights
    scores = q @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) / math.sqrt(q.shape[-1]) @ v


def wrong_sigmoid(q, k, v, mask=None):
    """sigmoid in place of softmax"""
    # SAID: without a mask: the weights of a query add up to 1: a softmax, not sigmoids
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.sigmoid() @ v


def wrong_t_of_all(q, k, v, mask=None):
    """.T turns all axes around"""
    # SAID: q (3, 5, 7), k (3, 5, 7), v (3, 5, 7): The size of tensor a (3) must match the size of tensor b (7) at non-singleton dimension 0. Swap the last two axes of k, and no others; each key has a value
    # RAISES: RuntimeError
    scores = q @ k.T / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_times_root(q, k, v, mask=None):
    """multiplied by the root of d"""
    # SAID: without a mask: the scores are multiplied by the root of d; divide
    scores = q @ k.transpose(-1, -2) * math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_values_scored(q, k, v, mask=None):
    """the values are compared with, not the keys"""
    # SAID: without a mask: the queries are compared with the values
    scores = q @ (v if v.shape[-1] == q.shape[-1] else k).transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


def wrong_weights_only(q, k, v, mask=None):
    """gives the weights back"""
    # SAID: without a mask: these are the weights: multiply the values by them
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1)
