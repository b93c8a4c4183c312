"""TITLE."""

import math

import torch
from sklearn.metrics.pairwise import cosine_similarity
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.sparse import mean_max_cosine as definition


def cases(g):
    raise NotImplementedError


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


# Mistakes, and what a student is told.


def wrong_abs(true_dictionary, learned):
    """a direction upside down does not count: no absolute value"""
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).abs().amax(1).mean()


def wrong_axis_of_max(true_dictionary, learned):
    """this is each learned direction's best match; wanted each true one's"""
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).amax(0).mean()


def wrong_axis_of_norm(true_dictionary, learned):
    """the columns and not the rows are brought to length 1"""
    a = nn.functional.normalize(true_dictionary, dim=0)
    b = nn.functional.normalize(learned, dim=0)
    return (a @ b.T).amax(1).mean()


def wrong_best_starts_at_zero(true_dictionary, learned):
    """the best match starts at 0: cosines below 0 never count"""
    total = 0.0
    for t in true_dictionary:
        best = torch.zeros(())
        for l in learned:
            best = torch.maximum(best, nn.functional.cosine_similarity(t, l, dim=0))
        total = total + best
    return total / len(true_dictionary)


def wrong_divided_by_learned(true_dictionary, learned):
    """divided by the number of learned directions; wanted that of true ones"""
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).amax(1).sum() / len(learned)


def wrong_l1_norm(true_dictionary, learned):
    """directions brought to L1 length 1"""
    a = nn.functional.normalize(true_dictionary, p=1, dim=1)
    b = nn.functional.normalize(learned, p=1, dim=1)
    return (a @ b.T).amax(1).mean()


def wrong_largest_inner_product(true_dictionary, learned):
    """picks the match by inner product, then takes its cosine"""
    best = (true_dictionary @ learned.T).argmax(1)
    return nn.functional.cosine_similarity(true_dictionary, learned[best], dim=1).mean()


def wrong_learned_not_normalised(true_dictionary, learned):
    """the learned directions are not brought to length 1"""
    a = nn.functional.normalize(true_dictionary, dim=1)
    return (a @ learned.T).amax(1).mean()


def wrong_max_of_all(true_dictionary, learned):
    """the best of all pairs; wanted the best for each true direction"""
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).max()


def wrong_mean_before_max(true_dictionary, learned):
    """the mean is taken before the maximum"""
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).mean(0).amax()


def wrong_mean_of_all(true_dictionary, learned):
    """the mean of all pairs; wanted the best for each true direction"""
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).mean()


def wrong_not_normalised(true_dictionary, learned):
    """the directions are not brought to length 1"""
    return (true_dictionary @ learned.T).amax(1).mean()


def wrong_same_row(true_dictionary, learned):
    """row i with row i: the learned directions come in any order"""
    n = min(len(true_dictionary), len(learned))
    return nn.functional.cosine_similarity(true_dictionary[:n], learned[:n], dim=1).mean()


def wrong_sum(true_dictionary, learned):
    """a sum over the true directions; wanted the mean"""
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).amax(1).sum()


def wrong_true_not_normalised(true_dictionary, learned):
    """the true directions are not brought to length 1"""
    return (true_dictionary @ nn.functional.normalize(learned, dim=1).T).amax(1).mean()


def wrong_vector(true_dictionary, learned):
    """one number for each true direction: the mean is missing"""
    a = nn.functional.normalize(true_dictionary, dim=1)
    b = nn.functional.normalize(learned, dim=1)
    return (a @ b.T).amax(1)
