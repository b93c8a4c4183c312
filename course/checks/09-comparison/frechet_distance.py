"""TITLE."""

import math

import numpy as np
import scipy.linalg
import torch
from scipy import linalg

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.evaluate import frechet_distance as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_eigenvalues_of_the_product(f_real, f_fake):
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def right_keeps_the_dtype(f_real, f_fake):
    a, b = f_real - f_real.mean(0), f_fake - f_fake.mean(0)
    c1, c2 = a.T @ a / (len(a) - 1), b.T @ b / (len(b) - 1)
    values, vectors = torch.linalg.eigh(c1)
    half = vectors @ torch.diag(values.relu().sqrt()) @ vectors.T
    inner = half @ c2 @ half
    cross = torch.linalg.eigvalsh((inner + inner.T) / 2).relu().sqrt().sum()
    return torch.dist(f_real.mean(0), f_fake.mean(0)) ** 2 + torch.trace(c1 + c2) - 2 * cross


def right_loops(f_real, f_fake):
    def moments(f):
        n, d = f.shape
        f = f.tolist()
        mu = [sum(row[j] for row in f) / n for j in range(d)]
        c = torch.zeros(d, d, dtype=torch.float64)
        for a in range(d):
            for b in range(d):
                c[a, b] = sum((row[a] - mu[a]) * (row[b] - mu[b]) for row in f) / (n - 1)
        return mu, c

    def root(c):
        u, s, v = torch.linalg.svd(c)
        return (u * s.sqrt()) @ u.T

    mu1, c1 = moments(f_real)
    mu2, c2 = moments(f_fake)
    r = root(c2)
    middle = torch.linalg.eigvalsh(r @ c1 @ r)
    cross = sum(math.sqrt(max(0.0, v)) for v in middle.tolist())
    total = sum((a - b) ** 2 for a, b in zip(mu1, mu2, strict=True))
    return total + sum((c1[i, i] + c2[i, i]).item() for i in range(len(mu1))) - 2 * cross


def right_nuclear_norm(f_real, f_fake):
    x, y = f_real - f_real.mean(0), f_fake - f_fake.mean(0)
    x, y = x / (len(x) - 1) ** 0.5, y / (len(y) - 1) ** 0.5
    gap = f_real.mean(0) - f_fake.mean(0)
    cross = torch.linalg.svdvals(x @ y.T).sum()
    return gap @ gap + (x**2).sum() + (y**2).sum() - 2 * cross


def right_numpy_eigvals_product(f_real, f_fake):
    a = f_real.detach().cpu().numpy().astype(np.float64)
    b = f_fake.detach().cpu().numpy().astype(np.float64)
    c1 = np.atleast_2d(np.cov(a, rowvar=False))
    c2 = np.atleast_2d(np.cov(b, rowvar=False))
    lam = np.linalg.eigvals(c1 @ c2).real
    lam = np.where(lam > 0, lam, 0)
    gap = a.mean(0) - b.mean(0)
    return max(0.0, float(gap @ gap + np.trace(c1) + np.trace(c2) - 2 * np.sqrt(lam).sum()))


def right_qr_svdvals(f_real, f_fake):
    a, b = f_real.numpy().astype(float), f_fake.numpy().astype(float)
    ma, mb = a.mean(axis=0), b.mean(axis=0)
    ra = np.linalg.qr((a - ma) / np.sqrt(len(a) - 1), mode="r")
    rb = np.linalg.qr((b - mb) / np.sqrt(len(b) - 1), mode="r")
    s = scipy.linalg.svdvals(ra @ rb.T)
    fd = np.sum((ma - mb) ** 2) + np.sum(ra**2) + np.sum(rb**2) - 2 * s.sum()
    return np.maximum(fd, 0.0)


def right_scipy(f_real, f_fake):
    x, y = f_real.numpy().astype(np.float64), f_fake.numpy().astype(np.float64)
    c1 = np.atleast_2d(np.cov(x, rowvar=False))
    c2 = np.atleast_2d(np.cov(y, rowvar=False))
    root = linalg.sqrtm(c1 @ c2)
    if np.iscomplexobj(root):
        root = root.real
    gap = x.mean(0) - y.mean(0)
    return gap @ gap + np.trace(c1) + np.trace(c2) - 2 * np.trace(root)


# Mistakes, and what a student is told.


def wrong_cholesky(f_real, f_fake):
    """Cholesky's factor is not symmetric: take the root from the eigenvalues"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    half = torch.linalg.cholesky(c1 + 1e-9 * torch.eye(len(c1)))
    roots = torch.linalg.eigvals(half @ c2 @ half).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_complex(f_real, f_fake):
    """a complex number came back: the root is real, so take .real"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_correlations(f_real, f_fake):
    """these are correlations; covariances are wanted"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.corrcoef(real.T)), torch.atleast_2d(torch.corrcoef(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_divided_by_d(f_real, f_fake):
    """a sum over the columns; it is not divided by their number"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item() / f_real.shape[1]


def wrong_eigenvalues_paired(f_real, f_fake):
    """eigenvalues of the two were paired; the eigenvectors do not agree, so take them of the
    product"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = (torch.linalg.eigvalsh(c1) * torch.linalg.eigvalsh(c2)).clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_elementwise_both(f_real, f_fake):
    """this is the root of each entry; the root of a matrix needs its eigenvalues"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    return (gap + c1.trace() + c2.trace() - 2 * (c1.abs().sqrt() @ c2.abs().sqrt()).trace()).item()


def wrong_elementwise_root(f_real, f_fake):
    """this is the root of each entry; the root of a matrix needs its eigenvalues"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    return (gap + c1.trace() + c2.trace() - 2 * (c1 @ c2).abs().sqrt().trace()).item()


def wrong_frobenius(f_real, f_fake):
    """this is the squared difference of the covariances; see the formula"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + (c1 - c2).square().sum()).item()


def wrong_gap_absolute(f_real, f_fake):
    """the length of the gap comes squared: no absolute differences"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).abs().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_gap_mean(f_real, f_fake):
    """the gap is a sum over the columns, not a mean"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().mean()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_gap_not_squared(f_real, f_fake):
    """the length of the gap comes squared"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).norm()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_in_place(f_real, f_fake):
    """frechet_distance has changed the features that it was given"""
    gap = (f_real.mean(0) - f_fake.mean(0)).square().sum()
    f_real -= f_real.mean(0)
    f_fake -= f_fake.mean(0)
    c1, c2 = f_real.T @ f_real / (len(f_real) - 1), f_fake.T @ f_fake / (len(f_fake) - 1)
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_means_alone(f_real, f_fake):
    """this is the distance of the means alone"""
    return (f_real.mean(0) - f_fake.mean(0)).square().sum().item()


def wrong_nan(f_real, f_fake):
    """columns that depend on each other give nan: lift eigenvalues of -1e-17 to 0"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_nan_inside(f_real, f_fake):
    """a root of rounding errors below 0 is no number, and LAPACK chokes on it"""
    c1, c2 = torch.atleast_2d(torch.cov(f_real.T)), torch.atleast_2d(torch.cov(f_fake.T))
    values, vectors = torch.linalg.eigh(c1)
    half = vectors @ torch.diag(values.sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(half @ c2 @ half).sqrt().sum()
    gap = (f_real.mean(0) - f_fake.mean(0)).square().sum()
    return (gap + c1.trace() + c2.trace() - 2 * cross).item()


def wrong_no_return(f_real, f_fake):
    """nothing comes back"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    found = (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_no_root(f_real, f_fake):
    """the last trace has no root in it"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_no_two(f_real, f_fake):
    """the last trace comes twice"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - roots.sum()).item()


def wrong_pair(f_real, f_fake):
    """both terms apart"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return gap.item(), (c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_plus(f_real, f_fake):
    """the last trace is taken off, not added"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() + 2 * roots.sum()).item()


def wrong_population(f_real, f_fake):
    """the covariance divides by one less than the number of rows"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = (
        torch.atleast_2d(torch.cov(real.T, correction=0)),
        torch.atleast_2d(torch.cov(fake.T, correction=0)),
    )
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_population_numpy(f_real, f_fake):
    """the covariance divides by one less than the number of rows, for both sets"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T, correction=0)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_product_of_roots(f_real, f_fake):
    """the product of two roots is not the root of the product: C_1^(1/2) C_2 C_1^(1/2) has one
    more root over it"""
    real, fake = f_real.double(), f_fake.double()

    def half(c):
        values, vectors = torch.linalg.eigh(torch.atleast_2d(c))
        return vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T

    c1, c2 = torch.cov(real.T), torch.cov(fake.T)
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    return (gap + torch.trace(torch.atleast_2d(c1 + c2)) - 2 * (half(c1) @ half(c2)).trace()).item()


def wrong_root_at_the_end(f_real, f_fake):
    """this is the root of what is wanted: the squared distance comes back"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).clamp(min=0).sqrt().item()


def wrong_rows_for_columns(f_real, f_fake):
    """mat1 and mat2 shapes cannot be multiplied (7x7 and 12x12). Covariances of the 3 columns
    are wanted, 3 by 3: did you transpose?"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real)), torch.atleast_2d(torch.cov(fake))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_second_moments(f_real, f_fake):
    """the means are to be taken off before the covariance is formed"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = real.T @ real / (len(real) - 1), fake.T @ fake / (len(fake) - 1)
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.trace() + c2.trace() - 2 * roots.sum()).item()


def wrong_sum_for_trace(f_real, f_fake):
    """a trace is the sum of the diagonal alone"""
    real, fake = f_real.double(), f_fake.double()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    c1, c2 = torch.atleast_2d(torch.cov(real.T)), torch.atleast_2d(torch.cov(fake.T))
    roots = torch.linalg.eigvals(c1 @ c2).real.clamp(min=0).sqrt()
    return (gap + c1.sum() + c2.sum() - 2 * roots.sum()).item()


def wrong_variances_alone(f_real, f_fake):
    """only the variances of the columns are in it; covariances matter"""
    gap = (f_real.mean(0) - f_fake.mean(0)).square().sum()
    return (gap + (f_real.std(0) - f_fake.std(0)).square().sum()).item()
