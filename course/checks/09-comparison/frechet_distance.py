"""9.1 The Fréchet distance."""

import math

import numpy as np
import scipy.linalg
import torch
from scipy import linalg

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.evaluate import frechet_distance as definition


def cases(g):
    for B, F, d, size in ((7, 12, 3, 1.0), (10, 6, 2, 1.0), (9, 9, 4, 0.001)):
        real = draw.normal(g, B, d) @ draw.normal(g, d, d) + 1
        fake = 1.5 * draw.normal(g, F, d) @ draw.normal(g, d, d)
        words = f"{B} and {F} rows of {d} columns{', small numbers' if size < 1 else ''}"
        yield Call(size * real, size * fake).but(words=words, atol=1e-12)
    wide = draw.normal(g, 30, 2) @ draw.normal(g, 2, 24)
    yield Call(wide, wide + 1).but(
        words="24 columns, of which only two are free",
        clue="A set moved by 1 along 24 columns",
        atol=1e-3,
    )
    yield Call(wide, wide.clone()).but(words="the same set twice", atol=1e-3)


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

ROOT = "vectors * values.clamp(min=0).sqrt() @ vectors.T"
CROSS = "torch.linalg.eigvalsh(root @ c2 @ root).clamp(min=0).sqrt().sum()"
GAP = "(real.mean(0) - fake.mean(0)).square().sum()"
TOTAL = "gap + c1.trace() + c2.trace() - 2 * cross"
RESULT, PLAIN = f"return max(0.0, ({TOTAL}).item())", f"return ({TOTAL}).item()"
COV = "torch.atleast_2d(torch.cov(f.T))"


def _gap(words, gap):
    return change(words, GAP, gap, RESULT, PLAIN)


def _cov(words, cov):
    return change(words, COV, cov, RESULT, PLAIN)


def _one_cov(words, both):
    return change(words, f"({COV} for f in (real, fake))", both)


def _cross(words, cross):
    return change(words, CROSS, cross, RESULT, PLAIN)


def _gives(words, result):
    return change(words, RESULT, f"return {result}")


wrong_population = _cov(
    "the covariance divides by one less than the number of rows",
    "torch.atleast_2d(torch.cov(f.T, correction=0))",
)
wrong_population_numpy = _one_cov(
    "one covariance divides by the number of rows; both divide by one less",
    "torch.cov(real.T, correction=0), torch.cov(fake.T)",
)
wrong_population_of_samples = _one_cov(
    "one covariance divides by the number of rows; both divide by one less",
    "torch.cov(real.T), torch.cov(fake.T, correction=0)",
)
wrong_correlations = _cov(
    "these are correlations; covariances are wanted", "torch.atleast_2d(torch.corrcoef(f.T))"
)
wrong_second_moments = _cov(
    "the means are taken off before the covariance is formed", "f.T @ f / (len(f) - 1)"
)
wrong_rows_for_columns = _cov(
    "these are covariances of the rows; those of the columns are wanted: transpose", "torch.cov(f)"
)
wrong_diagonal = _cov(
    "only the variances of the columns are in it; their covariances matter", "f.var(0).diag()"
)
wrong_sum_of_products = _cov(
    "the covariance is divided by one less than the number of rows; this is not divided",
    "torch.cov(f.T, correction=0) * len(f)",
)
wrong_jitter = _cov(
    "something is added to the covariances; lifting eigenvalues below 0 to 0 is enough",
    f"{COV} + 1e-6 * torch.eye(f.shape[1]).double()",
)
wrong_lifted_too_high = change(
    "small eigenvalues are lifted; those below 0 go to 0, and the others stay",
    "(root @ c2 @ root).clamp(min=0)",
    "(root @ c2 @ root).clamp(min=1e-10)",
)
wrong_fewer_rows = change(
    "all rows count, in both sets; here the longer one is cut",
    "real, fake = f_real.double(), f_fake.double()",
    "n = min(len(f_real), len(f_fake)); real, fake = f_real[:n].double(), f_fake[:n].double()",
)
wrong_one_covariance = change(
    "this is the distance of the means alone; each set has a covariance of its own",
    "for f in (real, fake)",
    "for f in (real, real)",
)
wrong_standardised = change(
    "features are taken as they come: nothing is standardised",
    "real, fake = f_real.double(), f_fake.double()",
    "m, s = f_real.mean(0), f_real.std(0) + 1e-12; real, fake = (f_real - m) / s, (f_fake - m) / s",
)
wrong_in_place = change(
    "f_real and f_fake were changed, and belong to the caller: no `-=`; work on a copy",
    RESULT,
    f"f_real -= f_real.mean(0); f_fake -= f_fake.mean(0); {RESULT}",
)
wrong_cholesky = change(
    "Cholesky's factor is not symmetric: take the root from the eigenvalues",
    f"root = {ROOT}",
    "root = torch.linalg.cholesky(c1 + 1e-9 * torch.eye(len(c1)))",
    CROSS,
    "torch.linalg.eigvals(root @ c2 @ root).real.clamp(min=0).sqrt().sum()",
)
wrong_no_vectors_back = change(
    "the root of a matrix is V diag(root of the eigenvalues) V^T; the last V^T is missing",
    f"root = {ROOT}",
    "root = vectors * values.clamp(min=0).sqrt()",
    CROSS,
    "torch.linalg.eigvals(root @ c2 @ root).real.clamp(min=0).sqrt().sum()",
)
wrong_vectors_turned = change(
    "the eigenvectors are the columns of what eigh gives: V diag V^T, not V^T diag V",
    ROOT,
    "vectors.T * values.clamp(min=0).sqrt() @ vectors",
)
wrong_complex = _cross(
    "a complex number came back: the root is real, so take .real",
    "torch.linalg.eigvals(c1 @ c2).sqrt().sum()",
)
wrong_eigenvalues_paired = _cross(
    "eigenvalues of the two are paired; the eigenvectors do not agree: take those of the product",
    "(values * torch.linalg.eigvalsh(c2)).clamp(min=0).sqrt().sum()",
)
wrong_elementwise_both = _cross(
    "this is the root of each entry; the root of a matrix needs its eigenvalues",
    "(c1.abs().sqrt() @ c2.abs().sqrt()).trace()",
)
wrong_elementwise_root = _cross(
    "this is the root of each entry; the root of a matrix needs its eigenvalues",
    "(c1 @ c2).abs().sqrt().trace()",
)
wrong_elementwise_last = _cross(
    "this is the root of each entry; the root of a matrix needs its eigenvalues",
    "(root @ c2 @ root).abs().sqrt().trace()",
)
wrong_product_of_roots = _cross(
    "the product of two roots is no root of the product: C_1^(1/2) C_2 C_1^(1/2) has one more over it",
    "(root @ (u := torch.linalg.svd(c2))[0] @ u[1].sqrt().diag() @ u[0].T).trace()",
)
wrong_root_of_trace = _cross(
    "this is the root of the trace; the trace of the root is wanted, the sum of the eigenvalues' roots",
    "(root @ c2 @ root).trace().clamp(min=0).sqrt()",
)
wrong_variances_in_cross = _cross(
    "only the variances of the columns are in it; their covariances matter",
    "(c1.diagonal() * c2.diagonal()).sqrt().sum()",
)
wrong_no_root = _gives(
    "the last trace has no root in it", f"({TOTAL.replace('cross', '(c1 @ c2).trace()')}).item()"
)
wrong_nan = _cross(
    "some eigenvalues come out below 0, at -1e-17, and their root is nan: lift them to 0",
    "torch.linalg.eigvals(c1 @ c2).real.sqrt().sum()",
)
wrong_nan_inside = change(
    "some eigenvalues of C_1 come out below 0, at -1e-17, and their root is nan: lift them to 0",
    ROOT,
    "vectors * values.sqrt() @ vectors.T",
    RESULT,
    PLAIN,
)
wrong_nan_last = _cross(
    "some eigenvalues come out below 0, at -1e-17, and their root is nan: lift them to 0",
    "torch.linalg.eigvalsh(root @ c2 @ root).sqrt().sum()",
)
wrong_sign_of_eigenvalues = _cross(
    "eigenvalues below 0 are rounding errors: lift them to 0, and leave out no others",
    "torch.linalg.eigvalsh(root @ c2 @ root)[1:].clamp(min=0).sqrt().sum()",
)
wrong_gap_absolute = _gap(
    "the length of the gap comes squared: no absolute differences",
    "(real.mean(0) - fake.mean(0)).abs().sum()",
)
wrong_gap_mean = _gap(
    "the gap is a sum over the columns, not a mean",
    "(real.mean(0) - fake.mean(0)).square().mean()",
)
wrong_gap_not_squared = _gap(
    "the length of the gap comes squared", "(real.mean(0) - fake.mean(0)).norm()"
)
wrong_no_gap = _gap("the gap between the means is missing", "0 * c1.trace()")
wrong_frobenius = _gives(
    "this is the squared difference of the covariances; the formula has traces and roots",
    "(gap + (c1 - c2).square().sum()).item()",
)
wrong_means_alone = _gives(
    "this is the distance of the means alone; each set has a covariance of its own", "gap.item()"
)
wrong_no_cross = _gives("the last trace is missing", "(gap + c1.trace() + c2.trace()).item()")
wrong_no_two = _gives("the last trace comes twice", f"({TOTAL.replace('2 * ', '')}).item()")
wrong_plus = _gives(
    "the last trace is taken off, not added", f"({TOTAL.replace('- 2', '+ 2')}).item()"
)
wrong_sum_for_trace = _gives(
    "a trace is the sum of the diagonal alone", "(gap + c1.sum() + c2.sum() - 2 * cross).item()"
)
wrong_divided_by_d = _gives(
    "this is divided by the number of columns; it is a sum over them",
    f"({TOTAL}).item() / f_real.shape[1]",
)
wrong_root_at_the_end = _gives(
    "this is the root of what is wanted: the squared distance comes back",
    f"({TOTAL}).clamp(min=0).sqrt().item()",
)
wrong_rounded = _gives("the result is rounded: return it as it is", f"round(({TOTAL}).item(), 2)")
wrong_pair = _gives(
    "one number is wanted, the sum of all terms",
    "gap.item(), (c1.trace() + c2.trace() - 2 * cross).item()",
)
wrong_no_return = _gives("nothing came back: is a `return` missing?", "None")


def wrong_variances_alone(f_real, f_fake):
    """only the variances of the columns are in it; their covariances matter"""
    gap = (f_real.mean(0) - f_fake.mean(0)).square().sum()
    return (gap + (f_real.std(0) - f_fake.std(0)).square().sum()).item()
