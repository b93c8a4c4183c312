"""2.2 The best linear autoencoder."""

import numpy as np
import torch
from sklearn.decomposition import PCA as SkPCA

from course.checks import draw
from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.exact.pca import principal_components as definition


def cases(g):
    for n, shape, k in ((40, (1, 2, 3), 3), (5, (7,), 1)):
        x, axes = spread(g, n, shape)
        yield found(x, k, axes).but(rtol=1e-4, atol=1e-4)


def spread(g, n, shape):
    """Data that vary most along the first of some orthonormal directions, less along the next."""
    d = int(np.prod(shape))
    rank = min(n - 1, d)
    codes = torch.cat([torch.ones(n, 1, dtype=draw.DOUBLE), draw.normal(g, n, rank)], 1)
    sizes = 10 * 0.6 ** torch.arange(rank)
    axes = torch.linalg.qr(draw.normal(g, d, rank)).Q.T
    return (torch.linalg.qr(codes).Q[:, 1:] * sizes @ axes + 4 * draw.normal(g, d)).reshape(
        n, *shape
    ), axes


def found(x, k, axes):
    """The mean and the directions that an answer finds, each of these with either sign."""

    def play(answer):
        given = x.clone()
        got = answer(given, k)
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            return {"what comes back": "nothing" if got is None else "not two things"}
        mean, components = (torch.as_tensor(t).double() for t in got)
        shapes = {
            f"the shape of the {name}": str(tuple(t.shape))
            for name, t in (("mean", mean), ("components", components))
        }
        told = {"what comes back": "two things", **shapes, "the mean": mean}
        if components.shape == axes[:k].shape:
            told["the length of each direction"] = components.norm(dim=1)
            told[
                "the cosines of the directions (rows) with the true ones (columns), without their signs"
            ] = (components @ axes.T).abs()
        return {**told, "x is left as it was": torch.equal(x, given)}

    return Doing(f"x of shape {tuple(x.shape)}, k = {k}", play)


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


def right_covariance_by_hand(x, k):
    flat = x.flatten(1)
    mean = flat.sum(0) / len(flat)
    cov = torch.einsum("bi,bj->ij", flat - mean, flat - mean)
    values, vectors = torch.linalg.eigh(-cov)
    return mean, -vectors.mT[:k]


# Mistakes, and what a student is told.

SVD, VH = "torch.linalg.svd(flat - mean, full_matrices=False).Vh[:k]", ".Vh[:k]"
EIGH = "torch.linalg.eigh(torch.cov(flat.T)).eigenvectors"

wrong_all_components = change("all directions come back; k of them are wanted, shape (k, d)", VH, ".Vh")  # fmt: skip
wrong_ascending = change("the right directions in the wrong order: the largest variance comes first", SVD, EIGH + "[:, -k:].T")  # fmt: skip
wrong_columns = change("the directions are columns here, shape (d, k); they are rows, (k, d)", VH, ".Vh[:k].T")  # fmt: skip
wrong_columns_of_vh = change(
    "columns of Vh; its rows are the directions",
    "full_matrices=False).Vh[:k]",
    "full_matrices=True).Vh[:, :k].T",
)
wrong_covariance_not_centred = change(
    "the mean is not taken off before the decomposition",
    SVD,
    "torch.linalg.eigh(flat.T @ flat).eigenvectors[:, -k:].flip(1).T",
)
wrong_grand_mean = change("one mean of all entries is taken off; each entry has its own", "flat - mean", "flat - flat.mean()")  # fmt: skip
wrong_left_vectors = change(
    "B entries each: left singular vectors, or the codes of the rows; a direction has d entries",
    VH,
    ".U.T[:k]",
)
wrong_loudest_pixels = change(
    "these are the entries of largest variance; a direction mixes all entries",
    SVD,
    "torch.eye(flat.shape[1]).to(flat)[flat.var(0).argsort(descending=True)[:k]]",
)
wrong_mean_keeps_axis = change("the mean has shape (d,)", "return mean, ", "return flat.mean(0, keepdim=True), ")  # fmt: skip
wrong_mean_of_row = change(
    "the mean of each row is taken off; that of each entry is wanted",
    "svd(flat - mean",
    "svd(flat - flat.mean(1, keepdim=True)",
)
wrong_median = change("the median of each entry; its mean is wanted", "flat.mean(0)", "flat.median(0).values")  # fmt: skip
wrong_no_mean = change("two things are wanted: the mean and the components", "return mean, ", "return ")  # fmt: skip
wrong_not_centred = change("the mean is not taken off before the decomposition", "flat - mean", "flat")  # fmt: skip
wrong_mean_of_images = change("the mean is made flat too: it has shape (d,)", "return mean, ", "return x.mean(0), ")  # fmt: skip
wrong_order = change("the mean comes first, then the components", "return mean, " + SVD, "return " + SVD + ", mean")  # fmt: skip
wrong_rows_of_eigenvectors = change("eigh holds eigenvectors as columns, and these are rows", SVD, EIGH + ".flip(1)[:k]")  # fmt: skip
wrong_smallest = change("the directions of smallest variance: eigh sorts upwards", SVD, EIGH + "[:, :k].T")  # fmt: skip
wrong_squeezed = change("with k = 1 the components lose an axis: they have shape (k, d)", VH, ".Vh[:k].squeeze(0)")  # fmt: skip
wrong_standardised = change(
    "each entry is divided by its standard deviation; take its mean off, and no more",
    "flat - mean",
    "(flat - mean) / flat.std(0).clamp(min=1e-6)",
)


def wrong_in_place(x, k):
    """x is changed in place: x.flatten(1) shares its memory, so do not write into it"""
    x = x.flatten(1)
    mean = x.mean(0)
    x -= mean
    return mean, torch.linalg.svd(x, full_matrices=False).Vh[:k]


def wrong_scaled(x, k):
    """each direction has length 1; here it is multiplied by its singular value"""
    x = x.flatten(1)
    mean = x.mean(0)
    _, S, Vh = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, S[:k, None] * Vh[:k]


def wrong_scores(x, k):
    """B entries each: left singular vectors, or the codes of the rows; a direction has d entries"""
    x = x.flatten(1)
    mean = x.mean(0)
    U, S, _ = torch.linalg.svd(x - mean, full_matrices=False)
    return mean, (U * S)[:, :k].T


def wrong_not_flat(x, k):
    """images are not made flat: x becomes a table of B rows and d columns"""
    mean = x.mean(0)
    return mean, torch.linalg.svd(x - mean, full_matrices=False).Vh[:k]
