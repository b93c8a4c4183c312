"""Densities and divergences against torch.distributions, sums over all bins, and gradcheck."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import norm
from torch.distributions import Bernoulli, Normal, kl_divergence
from torch.testing import assert_close

from dgm.distributions import (
    bernoulli_log_prob,
    discretized_gaussian_log_prob,
    interval_log_prob,
    kl_normal,
    kl_standard_normal,
    normal_log_prob,
    reparameterize,
)

SHAPES = [(5,), (5, 3), (4, 2, 3, 5)]
exact = {"rtol": 1e-10, "atol": 1e-10}


def draws(count, shape, dtype=torch.float64):
    return [torch.randn(shape, dtype=dtype) for _ in range(count)]


def summed(a):
    return a.reshape(len(a), -1).sum(1)


@pytest.mark.parametrize("shape", SHAPES)
def test_all_agree_with_torch_distributions(shape):
    x, mu, logvar, mu_p, logvar_p = draws(5, shape)
    q, p = Normal(mu, (logvar / 2).exp()), Normal(mu_p, (logvar_p / 2).exp())
    zero = torch.zeros(shape, dtype=torch.float64)
    coin = (x > 0).double()
    assert_close(normal_log_prob(x, mu, logvar), summed(q.log_prob(x)), **exact)
    assert_close(kl_normal(mu, logvar, mu_p, logvar_p), summed(kl_divergence(q, p)), **exact)
    assert_close(
        kl_standard_normal(mu, logvar), summed(kl_divergence(q, Normal(zero, 1.0))), **exact
    )
    assert_close(
        bernoulli_log_prob(coin, 3 * mu), summed(Bernoulli(logits=3 * mu).log_prob(coin)), **exact
    )
    assert_close(reparameterize(mu, logvar, x), q.loc + q.scale * x, **exact)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_comes_back_is_one_number_a_row_in_the_dtype_that_came(shape):
    a, b, c, d = draws(4, shape, torch.float32)
    results = [
        normal_log_prob(a, b, c),
        bernoulli_log_prob(a.clamp(0, 1), b),
        kl_standard_normal(a, b),
        kl_normal(a, b, c, d),
        discretized_gaussian_log_prob(a.clamp(-1, 1), b, c, 17),
    ]
    for result in results:
        assert result.shape == shape[:1]
        assert result.dtype == torch.float32


def test_bernoulli_is_exact_at_logits_far_out():
    x = torch.tensor([[0.0], [1.0], [0.0], [1.0], [0.25]])
    logits = torch.tensor([[-1000.0], [1000.0], [1000.0], [-1000.0], [1000.0]], requires_grad=True)
    value = bernoulli_log_prob(x, logits)
    assert value.tolist() == [0, 0, -1000, -1000, -750]
    value.sum().backward()
    assert_close(logits.grad, x - torch.sigmoid(logits.detach()))


def test_kl_is_zero_only_where_the_two_agree_and_is_not_symmetric():
    mu, logvar = draws(2, (6, 4))
    zero = torch.zeros(6, dtype=torch.float64)
    assert_close(kl_normal(mu, logvar, mu, logvar), zero)
    assert_close(kl_standard_normal(0 * mu, 0 * mu), zero)
    there, back = kl_normal(mu, logvar, -mu, -logvar), kl_normal(-mu, -logvar, mu, logvar)
    assert (there > 0.1).all()
    assert ((there - back).abs() > 1e-3).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_kl_of_two_that_are_almost_equal_keeps_its_digits(dtype):
    """A variance of 1 - 1e-4, beside 1: log-variances are near 0, and the KL is d^2 / 4."""
    small = torch.full((1, 1), -1e-4, dtype=dtype)
    d = small.double()
    want = ((torch.expm1(d) - d) / 2).flatten()
    close = {"rtol": 2e-3, "atol": 0.0}
    assert_close(kl_standard_normal(0 * small, small).double(), want, **close)
    assert_close(kl_normal(0 * small, small, 0 * small, 0 * small).double(), want, **close)


def test_gradients():
    x, mu, logvar, other = (a.requires_grad_() for a in draws(4, (3, 2)))
    check = torch.autograd.gradcheck
    assert check(normal_log_prob, (x, mu, logvar))
    assert check(lambda l: bernoulli_log_prob(torch.full_like(l, 0.3), l), (mu,))
    assert check(kl_standard_normal, (mu, logvar))
    assert check(kl_normal, (mu, logvar, x, other))
    assert check(reparameterize, (mu, logvar, x))
    grid = torch.tensor([[-1.0, 0.0], [0.5, 1.0], [-0.5, 0.0]], dtype=torch.float64)
    assert check(lambda m, l: discretized_gaussian_log_prob(grid, m, l, 5), (mu, logvar))
    assert check(interval_log_prob, (mu, logvar.detach().exp().requires_grad_()))


# The discretised Gaussian


def grid(levels, dtype=torch.float64):
    return torch.linspace(-1, 1, levels, dtype=dtype)[:, None]


@pytest.mark.parametrize("levels", [2, 17, 256])
@pytest.mark.parametrize("mu", [-3.0, -0.99, 0.1, 2.0])
@pytest.mark.parametrize("logvar", [-12.0, -3.0, 0.0, 6.0, 30.0])
def test_all_bins_add_up_to_one(levels, mu, logvar):
    x = grid(levels)
    full = torch.full_like(x, mu), torch.full_like(x, logvar)
    total = discretized_gaussian_log_prob(x, *full, levels).exp().sum().item()
    assert total == pytest.approx(1, abs=1e-9)


def test_bins_hold_the_mass_of_the_gaussian():
    """Against scipy, on the side of 0 where a difference of distribution functions is exact."""
    levels, mu, sigma = 17, 0.3, 0.4
    x = grid(levels)
    edges = np.concatenate([[-np.inf], (np.arange(1, levels) * 2 - levels) / 16, [np.inf]])
    z = (edges - mu) / sigma
    mass = np.where(
        z[:-1] > 0, norm.sf(z[:-1]) - norm.sf(z[1:]), norm.cdf(z[1:]) - norm.cdf(z[:-1])
    )
    got = discretized_gaussian_log_prob(
        x, torch.full_like(x, mu), torch.full_like(x, 2 * math.log(sigma)), levels
    )
    assert_close(got, torch.from_numpy(np.log(mass)), **exact)


def test_a_rounded_sample_falls_into_the_bins_as_often_as_they_say():
    n, levels, mu, sigma = 40_000, 9, 0.7, 0.5
    value = mu + sigma * torch.randn(n, dtype=torch.float64)
    bins = ((value + 1) * 4).round().clamp(0, 8).long()
    share = torch.bincount(bins, minlength=levels) / n
    x = grid(levels)
    p = discretized_gaussian_log_prob(
        x, torch.full_like(x, mu), torch.full_like(x, 2 * math.log(sigma)), levels
    ).exp()
    assert ((share - p).abs() < 4 * (p * (1 - p) / n).sqrt()).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("logvar", [-20.0, -9.0, 0.0, 12.0, 40.0])
def test_far_tails_and_narrow_bins_stay_finite(dtype, logvar):
    x = grid(256, dtype)
    mu = torch.full_like(x, 0.9).requires_grad_()
    spread = torch.full_like(x, logvar).requires_grad_()
    value = discretized_gaussian_log_prob(x, mu, spread, 256)
    value.sum().backward()
    for a in (value, mu.grad, spread.grad):
        assert a.isfinite().all()
    assert (value <= 0).all()


def test_interval_in_the_far_tail_against_the_asymptotic_series():
    """P(Z > a) = phi(a)/a (1 - 1/a^2 + 3/a^4 - ...): the upper edge adds nothing."""
    a = torch.tensor([30.0, 100.0, 1e4], dtype=torch.float64)
    series = -(a**2) / 2 - a.log() - math.log(2 * math.pi) / 2 + torch.log1p(-(a**-2) + 3 * a**-4)
    for sign in (-1, 1):
        got = interval_log_prob(sign * (a + 1), torch.ones(3, dtype=torch.float64))
        assert_close(got, series, rtol=1e-8, atol=0)


def test_interval_is_smooth_where_it_changes_its_formula():
    half = torch.logspace(-7, -3, 400, dtype=torch.float64)
    for center in (0.0, 1.0, -4.0):
        c = torch.full_like(half, center)
        density = -(c**2) / 2 - math.log(2 * math.pi) / 2 + torch.log(2 * half)
        second = (c**2 - 1) * half**2 / 6  # the next term of the series
        got = interval_log_prob(c, half)
        assert_close(got, density + second, rtol=0, atol=3e-9)


# Devices and bad input


def test_on_meta():
    a, b, c, d = (torch.empty(4, 2, 3, device="meta") for _ in range(4))
    for result in (
        normal_log_prob(a, b, c),
        bernoulli_log_prob(a, b),
        kl_standard_normal(a, b),
        kl_normal(a, b, c, d),
        discretized_gaussian_log_prob(a, b, c, 256),
    ):
        assert (result.device.type, result.shape) == ("meta", (4,))
    assert reparameterize(a, b, c).device.type == "meta"


@pytest.mark.parametrize("function", [normal_log_prob, reparameterize])
def test_shapes_and_dtypes_that_do_not_agree(function):
    a, b, c = draws(3, (4, 3))
    with pytest.raises(ValueError, match=r"eps has shape|logvar has shape"):
        function(a, b, c[:, :2])
    with pytest.raises(ValueError, match=r"float32.*one dtype"):
        function(a, b.float(), c)
    with pytest.raises(ValueError, match="NaN"):
        function(a, b, c * math.nan)
    with pytest.raises(ValueError, match="empty"):
        function(a[:0], b[:0], c[:0])


def test_other_bad_input():
    a, b, c = draws(3, (4, 3))
    with pytest.raises(ValueError, match="levels is 1"):
        discretized_gaussian_log_prob(a.clamp(-1, 1), b, c, 1)
    for x in (a, torch.full_like(a, 255), torch.full_like(a, 1.001)):
        with pytest.raises(ValueError, match="x has other values, wanted numbers from 0 to 1"):
            bernoulli_log_prob(x, b)
    for x in (torch.full_like(a, 255), torch.full_like(a, -1.001)):
        with pytest.raises(ValueError, match="x has other values, wanted numbers from -1 to 1"):
            discretized_gaussian_log_prob(x, b, c, 256)
    with pytest.raises(ValueError, match="logvar_p has shape"):
        kl_normal(a, b, c, c[:2])
