"""2.6 The best denoiser there is."""

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.exact.denoiser import gaussian_denoiser as definition


def cases(g):
    for n, variances, sigma in (
        (6, (4.0, 1.0, 0.1, 0.02), 0.5),
        (1, (2e-4, 1e-4), 0.01),
        (3, (3.0, 0.5, 0.0), 1.3),
    ):
        yield drawn(g, n, torch.tensor(variances, dtype=draw.DOUBLE), sigma)
    cov = torch.diag(torch.tensor([2.0, 0.0, 0.6], dtype=draw.DOUBLE))
    cov[0, 2] = cov[2, 0] = 0.7
    yield Call(3 * draw.normal(g, 4, 3), 2 * draw.normal(g, 3), cov, 0.7).but(
        dtype="float",
        words="a pixel without variance",
        clue="It is its mean, whatever is seen: invert cov + sigma^2 I, which is never singular",
    )


def drawn(g, n, variances, sigma, dtype=draw.DOUBLE):
    """Rows to denoise, of data with these variances along axes that are drawn."""
    d = len(variances)
    axes = torch.linalg.qr(draw.normal(g, d, d)).Q
    given = 3 * draw.normal(g, n, d), 2 * draw.normal(g, d), (axes * variances) @ axes.T
    return Call(*(t.to(dtype) for t in given), sigma).but(dtype="float")


# Right, in ways that differ.


def right_cholesky(x_noisy, mean, cov, sigma):
    L = torch.linalg.cholesky(cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype))
    return (mean[:, None] + cov @ torch.cholesky_solve((x_noisy - mean).T, L)).T


def right_eigenbasis(x_noisy, mean, cov, sigma):
    v, axes = torch.linalg.eigh(cov)
    along = (x_noisy - mean) @ axes  # (B, d)
    return (along * (v / (v + sigma**2))) @ axes.T + mean


def right_inverse(x_noisy, mean, cov, sigma):
    gain = cov @ torch.inverse(cov + torch.eye(len(mean)).to(cov) * sigma * sigma)
    return mean + (x_noisy - mean) @ gain.T


def right_loop_numpy(x_noisy, mean, cov, sigma):
    S, m = cov.numpy(), mean.numpy()
    gain = S @ np.linalg.pinv(S + sigma**2 * np.eye(len(m)))
    rows = [m + gain @ (row - m) for row in x_noisy.numpy()]
    return torch.tensor(np.stack(rows))


def right_minus_the_noise(x_noisy, mean, cov, sigma):
    """x_noisy less its expected noise"""
    C = cov + torch.diag(torch.full((len(mean),), float(sigma) ** 2, dtype=cov.dtype))
    return x_noisy - sigma**2 * torch.linalg.solve(C, (x_noisy - mean).T).T


def right_solve_rows(x_noisy, mean, cov, sigma):
    d = x_noisy.shape[1]
    noisy_cov = cov + sigma**2 * torch.eye(d, dtype=cov.dtype)
    return mean + (cov @ torch.linalg.solve(noisy_cov, (x_noisy - mean).T)).T


def right_scalar_by_scalar(x_noisy, mean, cov, sigma):
    out = torch.empty_like(x_noisy)
    noisy = cov.double() + torch.eye(len(cov), dtype=torch.float64) * sigma**2
    weights = torch.linalg.solve(noisy, cov.double())
    for i, row in enumerate(x_noisy.double() - mean.double()):
        for j in range(len(row)):
            out[i, j] = mean[j] + sum(row[k] * weights[k, j] for k in range(len(row)))
    return out


# Mistakes, and what a student is told.

EYE = "torch.eye(len(cov), dtype=cov.dtype, device=cov.device)"
SHARE, OFF = "torch.linalg.solve(noisy_cov, cov)", "mean + (x_noisy - mean)"
PINV = "torch.linalg.pinv(cov, hermitian=True)"

wrong_batch_mean = change(
    "the mean of the batch is used; take the mean that is given",
    "    return",
    "    mean = x_noisy.mean(0)\n    return",
)
wrong_cov_missing = change(
    "the inverse of the noisy covariance is there; cov times it is wanted",
    SHARE,
    "torch.linalg.inv(noisy_cov)",
)
wrong_diagonal = change(
    "each pixel alone, without the correlations: use the whole matrix",
    SHARE,
    "torch.diag(cov.diagonal() / noisy_cov.diagonal())",
)
wrong_elementwise = change(
    "the matrices are divided entry by entry; solve, or multiply by the inverse",
    SHARE,
    "(cov / noisy_cov)",
)
wrong_in_place = change(
    "x_noisy is changed in place: it belongs to the caller, so work on a copy",
    OFF,
    "mean + x_noisy.sub_(mean)",
)
wrong_inverse_of_clean = change("nothing is drawn in: is the noise in what you invert?", SHARE, f"{PINV} @ cov")  # fmt: skip
wrong_inverse_upside_down = change(
    "the noise grows: the clean and the noisy covariance are swapped",
    SHARE,
    f"(noisy_cov @ {PINV})",
)
wrong_jitter = change("a small number is added on the diagonal; cov + sigma^2 I needs none", EYE, EYE + f" + 1e-5 * {EYE}")  # fmt: skip
wrong_mean_not_added = change("the mean is not put back", OFF, "(x_noisy - mean)")
wrong_mean_added_twice = change("the mean is put back twice", "return mean", "return 2 * mean")
wrong_minus = change(
    "this takes cov for the covariance of the noisy data; it is that of the clean",
    SHARE,
    f"((2 * cov - noisy_cov) @ {PINV})",
)
wrong_no_identity = change(
    "sigma squared is added to all entries of cov; it belongs on its diagonal alone",
    SHARE,
    "cov @ torch.linalg.pinv(cov + sigma**2)",
)
wrong_no_mean = change("the mean is not used: it draws to 0", OFF, "x_noisy")
wrong_noise_returned = change(
    "this is the noise that was added; what is left without it is wanted",
    OFF + " @",
    "x_noisy - mean - (x_noisy - mean) @",
)
wrong_noise_share = change(
    "the share of the noise; that of the signal is wanted",
    SHARE,
    "(sigma**2 * torch.linalg.inv(noisy_cov))",
)
wrong_not_centred = change("the mean is not taken off before the product", OFF, "mean + x_noisy")
wrong_overall_share = change(
    "one share for all directions; each axis of cov has its own",
    SHARE,
    f"({EYE} * cov.diagonal().mean() / noisy_cov.diagonal().mean())",
)
wrong_sigma = change("sigma in place of sigma squared", "sigma**2 *", "sigma *")
wrong_sigma_ignored = change("sigma is not used: 1 stands in its place", "sigma**2 *", "")


def wrong_cov_in_place(x_noisy, mean, cov, sigma):
    """cov is changed in place: it belongs to the caller, so work on a copy"""
    clean = cov.clone()
    cov.diagonal().add_(sigma**2)
    return mean + (x_noisy - mean) @ torch.linalg.solve(cov, clean)


def wrong_precision_form(x_noisy, mean, cov, sigma):
    """cov is inverted, and it may be singular: invert cov + sigma^2 I alone"""
    P = torch.linalg.inv(cov)
    A = P + torch.eye(len(cov), dtype=cov.dtype) / sigma**2
    return torch.linalg.solve(A, (P @ mean)[:, None] + x_noisy.T / sigma**2).T
