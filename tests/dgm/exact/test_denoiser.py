"""The best denoiser and the score against the joint Gaussian of clean and noisy data."""

import pytest
import torch
from torch.distributions import MultivariateNormal
from torch.testing import assert_close

from dgm.exact.denoiser import gaussian_denoiser, tweedie_score

SIGMA = 0.7


def problem(d=3):
    root = torch.randn(d, d, dtype=torch.float64)
    mean = torch.randn(d, dtype=torch.float64)
    x_noisy = 2 * torch.randn(5, d, dtype=torch.float64)
    return x_noisy, mean, root @ root.T + 0.1 * torch.eye(d, dtype=torch.float64)


def test_denoiser_is_the_mode_of_the_posterior():
    """The conditional of a Gaussian is a Gaussian: its mean is where log p(x, x_noisy) is flat."""
    x_noisy, mean, cov = problem()
    guess = gaussian_denoiser(x_noisy, mean, cov, SIGMA).requires_grad_()
    joint = MultivariateNormal(mean, cov).log_prob(guess)
    joint = joint - ((x_noisy - guess) ** 2).sum(1) / (2 * SIGMA**2)
    (slope,) = torch.autograd.grad(joint.sum(), guess)
    assert_close(slope, torch.zeros_like(slope), rtol=0, atol=1e-10)


def test_denoiser_along_an_axis_shrinks_by_the_share_of_the_variance():
    mean, var = torch.tensor([1.0, -2.0, 0.0]), torch.tensor([4.0, 1.0, 0.0])
    x_noisy = torch.tensor([[3.0, 3.0, 3.0]])
    expected = mean + var / (var + SIGMA**2) * (x_noisy - mean)
    assert_close(gaussian_denoiser(x_noisy, mean, torch.diag(var), SIGMA), expected)


def test_no_linear_denoiser_has_a_smaller_error():
    """The error is that of the posterior, trace of cov - cov (cov + s^2)^-1 cov, by least squares."""
    _, mean, cov = problem(2)
    n = 200_000
    clean = MultivariateNormal(mean, cov).sample((n,))
    noisy = clean + SIGMA * torch.randn_like(clean)
    error = ((gaussian_denoiser(noisy, mean, cov, SIGMA) - clean) ** 2).sum(1)
    noisy_cov = cov + SIGMA**2 * torch.eye(2, dtype=torch.float64)
    least = torch.trace(cov - cov @ torch.linalg.solve(noisy_cov, cov))
    assert abs(error.mean() - least) < 4 * error.std() / n**0.5
    design = torch.cat([noisy, torch.ones(n, 1)], dim=1)
    fitted = design @ torch.linalg.lstsq(design, clean).solution
    assert error.mean() < ((fitted - clean) ** 2).sum(1).mean() * 1.001


def test_tweedie_gives_the_score_of_the_noisy_data():
    x_noisy, mean, cov = problem()
    x_noisy.requires_grad_()
    marginal = MultivariateNormal(mean, cov + SIGMA**2 * torch.eye(3, dtype=torch.float64))
    (score,) = torch.autograd.grad(marginal.log_prob(x_noisy).sum(), x_noisy)
    denoised = gaussian_denoiser(x_noisy.detach(), mean, cov, SIGMA)
    assert_close(tweedie_score(x_noisy.detach(), denoised, SIGMA), score, rtol=1e-10, atol=1e-10)


def test_meta_and_bad_input():
    x, mean, cov = (torch.empty(s, device="meta") for s in [(5, 3), (3,), (3, 3)])
    assert gaussian_denoiser(x, mean, cov, 1.0).device.type == "meta"
    image = torch.empty(2, 1, 3, 4, device="meta")
    assert tweedie_score(image, image, 1.0).shape == image.shape
    with pytest.raises(ValueError, match="cov has shape"):
        gaussian_denoiser(torch.zeros(5, 3), torch.zeros(3), torch.zeros(2, 2), 1.0)
    with pytest.raises(ValueError, match="denoised has shape"):
        tweedie_score(torch.zeros(5, 3), torch.zeros(3), 1.0)
