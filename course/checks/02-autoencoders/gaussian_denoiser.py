"""TITLE."""

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.exact.denoiser import gaussian_denoiser as definition


def cases(g):
    raise NotImplementedError


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
    # x_noisy less its expected noise
    C = cov + torch.diag(torch.full((len(mean),), float(sigma) ** 2, dtype=cov.dtype))
    return x_noisy - sigma**2 * torch.linalg.solve(C, (x_noisy - mean).T).T


def right_solve_rows(x_noisy, mean, cov, sigma):
    d = x_noisy.shape[1]
    noisy_cov = cov + sigma**2 * torch.eye(d, dtype=cov.dtype)
    return mean + (cov @ torch.linalg.solve(noisy_cov, (x_noisy - mean).T)).T


# Mistakes, and what a student is told.


def wrong_batch_mean(x_noisy, mean, cov, sigma):
    """takes the mean of the batch, not the mean that is given"""
    m = x_noisy.mean(0)
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return m + (x_noisy - m) @ torch.linalg.solve(noisy_cov, cov)


def wrong_cov_missing(x_noisy, mean, cov, sigma):
    """the inverse of the noisy covariance is there; cov times it is wanted"""
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return mean + torch.linalg.solve(noisy_cov, (x_noisy - mean).T).T


def wrong_diagonal(x_noisy, mean, cov, sigma):
    """each pixel alone, without the correlations: use the whole matrix"""
    v = cov.diagonal()
    return mean + (x_noisy - mean) * (v / (v + sigma**2))


def wrong_elementwise(x_noisy, mean, cov, sigma):
    """divides the matrices entry by entry"""
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ (cov / noisy_cov).nan_to_num()


def wrong_inverse_of_clean(x_noisy, mean, cov, sigma):
    """nothing is drawn in: it gives back what it got. Is the noise in what you invert?"""
    return mean + (x_noisy - mean) @ torch.linalg.pinv(cov) @ cov


def wrong_inverse_upside_down(x_noisy, mean, cov, sigma):
    """the noise grows: the clean and the noisy covariance are swapped"""
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ noisy_cov @ torch.linalg.pinv(cov)


def wrong_mean_not_added(x_noisy, mean, cov, sigma):
    """the mean is not put back"""
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return (x_noisy - mean) @ torch.linalg.solve(noisy_cov, cov)


def wrong_minus(x_noisy, mean, cov, sigma):
    """this takes cov for the covariance of the noisy data; it is that of the clean"""
    eye = torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ (cov - sigma**2 * eye) @ torch.linalg.pinv(cov)


def wrong_no_identity(x_noisy, mean, cov, sigma):
    """sigma squared is added to all entries of cov, not to its diagonal"""
    return mean + (x_noisy - mean) @ cov @ torch.linalg.pinv(cov + sigma**2)


def wrong_no_mean(x_noisy, mean, cov, sigma):
    """the mean is not used: it draws to 0"""
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return x_noisy @ torch.linalg.solve(noisy_cov, cov)


def wrong_noise_returned(x_noisy, mean, cov, sigma):
    """the noise that was added; wanted what is left without it"""
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return x_noisy - mean - (x_noisy - mean) @ torch.linalg.solve(noisy_cov, cov)


def wrong_noise_share(x_noisy, mean, cov, sigma):
    """the share of the noise; wanted that of the signal"""
    eye = torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ (sigma**2 * torch.linalg.inv(cov + sigma**2 * eye))


def wrong_not_centred(x_noisy, mean, cov, sigma):
    """the mean is not taken off before the product"""
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype)
    return mean + x_noisy @ torch.linalg.solve(noisy_cov, cov)


def wrong_overall_share(x_noisy, mean, cov, sigma):
    """one share for all directions"""
    v = cov.diagonal().mean()
    return mean + (x_noisy - mean) * (v / (v + sigma**2))


def wrong_precision_form(x_noisy, mean, cov, sigma):
    """inverts cov, which may be singular"""
    P = torch.linalg.inv(cov)
    A = P + torch.eye(len(cov), dtype=cov.dtype) / sigma**2
    return torch.linalg.solve(A, (P @ mean)[:, None] + x_noisy.T / sigma**2).T


def wrong_sigma(x_noisy, mean, cov, sigma):
    """sigma in place of sigma squared"""
    noisy_cov = cov + sigma * torch.eye(len(cov), dtype=cov.dtype)
    return mean + (x_noisy - mean) @ torch.linalg.solve(noisy_cov, cov)
