"""TITLE."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.guidance import drop_labels as definition
from dgm.guidance import null_like


def cases(g):
    raise NotImplementedError


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


def wrong_dropout(y, p, null, generator=None):
    """a label is either kept or 10, the null condition; some became [0, 5, 6, 7, 9, 11]"""
    return nn.functional.dropout(y.float(), p).to(y.dtype)


def wrong_entries(y, p, null, generator=None):
    """y of shape (B, L): a row is dropped as a whole, or kept as a whole"""
    dropped = torch.rand(y.shape, generator=generator) < p
    return torch.where(dropped, null_like(null, y), y)


def wrong_exact_share(y, p, null, generator=None):
    """always 49 of 200: the rows are to be independent, so that their number varies"""
    dropped = torch.zeros(len(y), dtype=torch.bool)
    dropped[torch.randperm(len(y), generator=generator)[: int(p * len(y))]] = True
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_first_rows(y, p, null, generator=None):
    """the same rows are dropped in each call: draw anew, from generator; set no seed inside"""
    dropped = torch.arange(len(y)) < p * len(y)
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_float(y, p, null, generator=None):
    """the labels have become torch.float32: keep the dtype of y"""
    keep = (torch.rand(len(y), generator=generator) >= p).float().reshape(-1, *[1] * (y.ndim - 1))
    return keep * y + (1 - keep) * null_like(null, y)


def wrong_global_seed(y, p, null, generator=None):
    """the global random state has changed: draw from generator, and set no seed"""
    torch.manual_seed(0)
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_half(y, p, null, generator=None):
    """p is 0.25, and 0.506 have been dropped. Is it rand < p?"""
    dropped = torch.randint(2, (len(y),), generator=generator).bool()
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_in_place(y, p, null, generator=None):
    """y itself has changed: the labels would be lost for good. Copy"""
    y[torch.rand(len(y), generator=generator) < p] = torch.as_tensor(null, dtype=y.dtype)
    return y


def wrong_in_place_and_clone(y, p, null, generator=None):
    """y itself has changed: the labels would be lost for good. Copy"""
    y[torch.rand(len(y), generator=generator) < p] = torch.as_tensor(null, dtype=y.dtype)
    return y.clone()


def wrong_keeps_with_p(y, p, null, generator=None):
    """p is 0.25 and 0.75 have been dropped: p and 1 - p confused"""
    dropped = torch.rand(len(y), generator=generator) > p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_mask(y, p, null, generator=None):
    """this is the mask; the labels are wanted"""
    return torch.rand(len(y), generator=generator) < p


def wrong_minus_one(y, p, null, generator=None):
    """a label is either kept or 10, the null condition; some became [-1]"""
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), -torch.ones_like(y), y)


def wrong_neighbours(y, p, null, generator=None):
    """rows 1 apart share a coin"""
    dropped = torch.rand((len(y) + 1) // 2, generator=generator).repeat_interleave(2)[: len(y)] < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_never(y, p, null, generator=None):
    """in 8000 rows with p = 0.25 no label has been dropped"""
    return y.clone()


def wrong_no_generator(y, p, null, generator=None):
    """the global random state has changed: draw from generator, and set no seed"""
    dropped = torch.rand(len(y)) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_no_return(y, p, null, generator=None):
    """no return"""
    dropped = torch.rand(len(y), generator=generator) < p
    out = torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_normal(y, p, null, generator=None):
    """p is 0.25, and 0.605 have been dropped. Is it rand < p?"""
    dropped = torch.randn(len(y), generator=generator) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_one_coin(y, p, null, generator=None):
    """all labels of a batch are dropped, or none: each row needs a coin of its own"""
    dropped = torch.rand(1, generator=generator).expand(len(y)) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_removed(y, p, null, generator=None):
    """the dropped rows are left out"""
    return y[torch.rand(len(y), generator=generator) >= p]


def wrong_same_object(y, p, null, generator=None):
    """in 8000 rows with p = 0.25 no label has been dropped"""
    return y


def wrong_seed_inside(y, p, null, generator=None):
    """the same rows are dropped in each call: draw anew, from generator; set no seed inside"""
    generator = torch.Generator().manual_seed(0)
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), null_like(null, y), y)


def wrong_shuffled(y, p, null, generator=None):
    """a label is either kept or 10, the null condition; some became [0, 1, 2, 3, 4, 5, 6, 7, 8,
    9]"""
    dropped = torch.rand(len(y), generator=generator) < p
    other = y[torch.randperm(len(y), generator=generator)]
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), other, y)


def wrong_where_swapped(y, p, null, generator=None):
    """p is 0.25 and 0.75 have been dropped: p and 1 - p confused"""
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), y, null_like(null, y))


def wrong_whole_batch(y, p, null, generator=None):
    """all labels of a batch are dropped, or none: each row needs a coin of its own"""
    if torch.rand(1, generator=generator).item() < p:
        return null_like(null, y).clone()
    return y.clone()


def wrong_zero(y, p, null, generator=None):
    """null is an argument; here it is 10, and dropped labels became 0"""
    dropped = torch.rand(len(y), generator=generator) < p
    return torch.where(dropped.reshape(-1, *[1] * (y.ndim - 1)), torch.zeros_like(y), y)
