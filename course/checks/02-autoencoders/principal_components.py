"""TITLE."""

import numpy as np
import torch
from sklearn.decomposition import PCA as SkPCA

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.exact.pca import principal_components as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_eigh(x, k):
    x = x.flatten(1)
    mean = x.mean(0)
    cov = (x - mean).T @ (x - mean) / len(x)
    values, vectors = torch.linalg.eigh(cov)  # smallest first
    return mean, vectors[:, -k:].flip(1).T


def right_numpy_cov(x, k):
    a = x.flatten(1).double().numpy()
    w, v = np.linalg.eigh(np.cov(a, rowvar=False))
    order = np.argsort(-w)[:k]
    return torch.tensor(a.mean(0)), torch.tensor(v[:, order].T)


def right_power_iteration(x, k):
    flat = x.flatten(1).double()
    mean = flat.mean(0)
    cov = torch.cov(flat.T)
    found = []
    for _ in range(k):
        v = cov.sum(1) + torch.linspace(0.1, 1, len(cov), dtype=torch.float64) * cov.norm()
        for _ in range(400):
            v = cov @ v
            v = v / v.norm()
        found.append(v)
        cov = cov - torch.outer(v, v) * (v @ cov @ v)
    return [mean.to(x.dtype), torch.stack(found).to(x.dtype)]


def right_sklearn(x, k):
    pca = SkPCA(n_components=k, svd_solver="full").fit(x.flatten(1).numpy())
    return torch.from_numpy(pca.mean_), torch.from_numpy(pca.components_)


def right_svd(x, k):
    x = x.reshape(len(x), -1)
    mean = x.mean(dim=0)
    U, S, Vh = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, Vh[0:k, :]


def right_svd_of_transpose(x, k):
    flat = x.flatten(1)
    centred = flat - flat.sum(0, keepdim=True) / flat.shape[0]
    U, _, _ = torch.linalg.svd(centred.T, full_matrices=False)
    return flat.mean(0), -U[:, :k].T


# Mistakes, and what a student is told.


def wrong_all_components(x, k):
    """wanted components of shape (k, d), here (3, 6); got (6, 6)"""
    x = x.flatten(1)
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=False).Vh


def wrong_ascending(x, k):
    """the right directions in the wrong order: the largest variance comes first"""
    x = x.flatten(1)
    mean = x.mean(0)
    vectors = torch.linalg.eigh(torch.cov(x.T)).eigenvectors
    return mean, vectors[:, -k:].T


def wrong_columns(x, k):
    """the directions as columns: (d, k)"""
    x = x.flatten(1)
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=False).Vh[:k].T


def wrong_columns_of_vh(x, k):
    """the cosines with the true directions should be 1 or -1, they are [0.255, -0.13, -0.971]:
    rows and columns of the eigenvectors? Each column's own mean taken off, and nothing
    divided?"""
    x = x.flatten(1)
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=True).Vh[:, :k].T


def wrong_grand_mean(x, k):
    """the cosines with the true directions should be 1 or -1, they are [-0.353, -0.041, 0.037]:
    rows and columns of the eigenvectors? Each column's own mean taken off, and nothing
    divided?"""
    x = x.flatten(1)
    return x.mean(0), torch.linalg.svd(x - x.mean(), full_matrices=False).Vh[:k]


def wrong_in_place(x, k):
    """principal_components has changed the x it was given: work on a copy"""
    x = x.flatten(1)
    mean = x.mean(0)
    x -= mean
    return mean, torch.linalg.svd(x, full_matrices=False).Vh[:k]


def wrong_left_vectors(x, k):
    """wanted components of shape (k, d), here (3, 6); got (3, 40)"""
    x = x.flatten(1)
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=False).U.T[:k]


def wrong_loudest_pixels(x, k):
    """the cosines with the true directions should be 1 or -1, they are [-0.675, 0.383, -0.334]:
    rows and columns of the eigenvectors? Each column's own mean taken off, and nothing
    divided?"""
    x = x.flatten(1)
    keep = x.var(0).argsort(descending=True)[:k]
    return x.mean(0), torch.eye(x.shape[1], dtype=x.dtype)[keep]


def wrong_mean_of_row(x, k):
    """the cosines with the true directions should be 1 or -1, they are [-0.353, 0.25, 0.369]:
    rows and columns of the eigenvectors? Each column's own mean taken off, and nothing
    divided?"""
    x = x.flatten(1)
    return x.mean(0), torch.linalg.svd(x - x.mean(1, keepdim=True), full_matrices=False).Vh[:k]


def wrong_not_centred(x, k):
    """take the mean off before the decomposition"""
    x = x.flatten(1)
    return x.mean(0), torch.linalg.svd(x, full_matrices=False).Vh[:k]


def wrong_not_flat(x, k):
    """takes the singular vectors of each picture's own matrix: images are not made flat"""
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=False).Vh[:k]


def wrong_order(x, k):
    """the mean comes first, then the components"""
    x = x.flatten(1)
    mean = x.mean(0)
    return torch.linalg.svd(x - mean, full_matrices=False).Vh[:k], mean


def wrong_rows_of_eigenvectors(x, k):
    """the cosines with the true directions should be 1 or -1, they are [0.723, 0.228, -0.345]:
    rows and columns of the eigenvectors? Each column's own mean taken off, and nothing
    divided?"""
    x = x.flatten(1)
    mean = x.mean(0)
    vectors = torch.linalg.eigh(torch.cov(x.T)).eigenvectors.flip(1)
    return mean, vectors[:k]


def wrong_scaled(x, k):
    """each direction has length 1; yours have [8.0, 5.0, 3.0]"""
    x = x.flatten(1)
    mean = x.mean(0)
    _, S, Vh = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, S[:k, None] * Vh[:k]


def wrong_scores(x, k):
    """wanted components of shape (k, d), here (3, 6); got (3, 40)"""
    x = x.flatten(1)
    mean = x.mean(0)
    U, S, _ = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, (U * S)[:, :k].T


def wrong_smallest(x, k):
    """these are the directions of smallest variance: eigh sorts upwards"""
    x = x.flatten(1)
    mean = x.mean(0)
    vectors = torch.linalg.eigh(torch.cov(x.T)).eigenvectors
    return mean, vectors[:, :k].T


def wrong_standardised(x, k):
    """the cosines with the true directions should be 1 or -1, they are [0.587, 0.556, -0.828]:
    rows and columns of the eigenvectors? Each column's own mean taken off, and nothing
    divided?"""
    x = x.flatten(1)
    mean = x.mean(0)
    return mean, torch.linalg.svd((x - mean) / x.std(0).clamp(min=1e-6), full_matrices=False).Vh[:k]
