"""The ELBO of a chain of Gaussians: the theorem, the bound, and where it is tight."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal, Normal, kl_divergence
from torch.testing import assert_close

from dgm.hierarchical import (
    GaussianChain,
    elbo_before,
    elbo_terms,
    forward_path,
    kl_equal_variance,
    path_elbo,
    score_matching_term,
)
from dgm.schedule import NoiseSchedule

exact = {"rtol": 1e-10, "atol": 1e-10}
MEAN, VAR = 2.0, 4.0
SCHEDULE = NoiseSchedule.linear(12, 0.02, 0.3)
SHAPES = [(5,), (5, 3), (5, 1, 2, 3)]


def f64(*values):
    return torch.tensor(values, dtype=torch.float64)


def data(shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return MEAN + VAR**0.5 * torch.randn(shape, generator=generator, dtype=torch.float64)


def any_chain(T=12):
    """A decoder with nothing right about it."""
    slope, offset, log_var = torch.randn(3, T + 1, dtype=torch.float64)
    return GaussianChain(slope, offset, log_var.exp(), 0.3, 1.7)


def reversed_encoder(schedule=SCHEDULE, mean=MEAN, var=VAR):
    chain = GaussianChain.ideal(schedule, mean, var)
    last = float(schedule.alpha_bar[-1])
    chain.prior_mean, chain.prior_var = mean * last**0.5, var * last + 1 - last
    return chain


def elbo(x0, schedule, chain):
    terms = elbo_terms(x0, schedule, chain)
    return terms["reconstruction"] - terms["prior_matching"] - terms["score_matching"]


CHAINS = {
    "any": any_chain,
    **{
        v: lambda v=v: GaussianChain.ideal(SCHEDULE, MEAN, VAR, v)
        for v in ("exact", "beta", "beta_tilde")
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_kl_of_equal_variances_is_that_of_torch(shape):
    q, p = torch.randn(2, *shape, dtype=torch.float64)
    var = torch.rand(shape[0], dtype=torch.float64) + 0.1
    wide = var.reshape(-1, *[1] * (len(shape) - 1))
    want = kl_divergence(Normal(q, wide.sqrt()), Normal(p, wide.sqrt())).reshape(5, -1).sum(1)
    assert_close(kl_equal_variance(q, p, var), want, **exact)
    assert_close(kl_equal_variance(q, p, wide), want, **exact)
    assert kl_equal_variance(q.float(), p.float(), var.float()).dtype == torch.float32


def test_kl_of_equal_variances_refuses_a_point():
    x = torch.randn(5, 3)
    with pytest.raises(ValueError, match="var has other values, wanted numbers above 0"):
        kl_equal_variance(x, x, torch.zeros(5))
    with pytest.raises(ValueError, match=r"var has shape \(3,\), wanted \(B, \*E\) with B=5"):
        kl_equal_variance(x, x, torch.ones(3))


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_theorem_both_forms_of_the_elbo_are_equal(shape, chain):
    x0, chain = data(shape), CHAINS[chain]()
    assert elbo(x0, SCHEDULE, chain).shape == (5,)
    assert_close(elbo(x0, SCHEDULE, chain), elbo_before(x0, SCHEDULE, chain), **exact)


def test_the_theorem_with_a_single_step():
    schedule, x0 = NoiseSchedule.linear(1, 0.3), data((5, 2))
    chain = any_chain(1)
    assert (elbo_terms(x0, schedule, chain)["score_matching"] == 0).all()
    assert_close(elbo(x0, schedule, chain), elbo_before(x0, schedule, chain), **exact)


@pytest.mark.parametrize("chain", CHAINS)
def test_elbo_before_the_theorem_is_the_mean_over_paths(chain):
    x0, chain, n = data((1, 2)), CHAINS[chain](), 20_000
    draws = path_elbo(forward_path(x0.expand(n, -1), SCHEDULE), SCHEDULE, chain)
    error = draws.mean() - elbo_before(x0, SCHEDULE, chain)[0]
    assert error.abs() < 4 * draws.std() / math.sqrt(n)


@pytest.mark.parametrize("chain", CHAINS)
def test_elbo_is_below_log_p(chain):
    x0, chain = data((50, 1)), CHAINS[chain]()
    assert (chain.log_prob(x0) - elbo(x0, SCHEDULE, chain) > 1e-3).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_elbo_of_the_reversed_encoder_is_log_p_on_every_path(shape):
    x0, chain = data(shape), reversed_encoder()
    log_p = Normal(f64(MEAN), f64(VAR**0.5)).log_prob(x0).reshape(5, -1).sum(1)
    assert_close(chain.log_prob(x0), log_p, **exact)
    assert_close(elbo(x0, SCHEDULE, chain), log_p, **exact)
    assert_close(path_elbo(forward_path(x0, SCHEDULE), SCHEDULE, chain), log_p, **exact)
    assert_close(path_elbo(torch.stack([x0] * 13), SCHEDULE, chain), log_p, **exact)  # any path


def test_for_standard_normal_data_the_standard_prior_will_do():
    x0, chain = data((5, 2)), GaussianChain.ideal(SCHEDULE, 0.0, 1.0)
    assert_close(elbo(x0, SCHEDULE, chain), chain.log_prob(x0), **exact)


def test_log_p_from_the_joint_density_of_the_decoder():
    """The covariance of (x_T, ..., x_0), written down whole, and its last entry."""
    chain, T = any_chain(), 12
    mix, mean, cov = torch.eye(T + 1).double(), torch.zeros(T + 1).double(), None
    noise = torch.cat([f64(chain.prior_var), chain.var[1:].flip(0)])
    for row, t in enumerate(range(T, 0, -1)):  # each row of mix: the noises that made x_{t-1}
        mix[row + 1, : row + 1] = chain.slope[t] * mix[row, : row + 1]
        mean[row + 1] = chain.slope[t] * (mean[row] if row else chain.prior_mean) + chain.offset[t]
    cov = mix @ noise.diag() @ mix.T
    x0 = data((5,))
    want = Normal(mean[-1], cov[-1, -1].sqrt()).log_prob(x0)
    assert_close(chain.log_prob(x0), want, **exact)


@pytest.mark.parametrize("chain", CHAINS)
def test_each_score_matching_term_is_a_mean_of_torchs_kl(chain):
    """Three points of Gauss and Hermite's rule integrate a parabola over x_t exactly."""
    x0, chain = data((4,)), CHAINS[chain]()
    t = torch.tensor([2, 5, 9, 12])
    ab, before = SCHEDULE.alpha_bar[t], SCHEDULE.alpha_bar[t - 1]
    total = 0
    for z, w in ((-math.sqrt(3), 1 / 6), (0, 2 / 3), (math.sqrt(3), 1 / 6)):
        xt = ab.sqrt() * x0 + (1 - ab).sqrt() * z
        precision = 1 / (1 - before) + SCHEDULE.alpha[t] / SCHEDULE.beta[t]
        mean = before.sqrt() * x0 / (1 - before) + SCHEDULE.alpha[t].sqrt() * xt / SCHEDULE.beta[t]
        q = Normal(mean / precision, precision**-0.5)
        p = Normal(chain.slope[t] * xt + chain.offset[t], chain.var[t].sqrt())
        total = total + w * kl_divergence(q, p)
    assert_close(score_matching_term(x0, t, SCHEDULE, chain), total, **exact)


def test_terms_of_the_reconstruction_and_the_prior():
    x0, chain = data((4,)), any_chain()
    ab = SCHEDULE.alpha_bar
    terms = elbo_terms(x0, SCHEDULE, chain)
    prior = kl_divergence(
        Normal(ab[-1].sqrt() * x0, (1 - ab[-1]).sqrt()), Normal(f64(0.3), f64(1.7**0.5))
    )
    assert_close(terms["prior_matching"], prior, **exact)
    want = 0
    for z, w in ((-math.sqrt(3), 1 / 6), (0, 2 / 3), (math.sqrt(3), 1 / 6)):
        x1 = ab[1].sqrt() * x0 + (1 - ab[1]).sqrt() * z
        p = Normal(chain.slope[1] * x1 + chain.offset[1], chain.var[1].sqrt())
        want = want + w * p.log_prob(x0)
    assert_close(terms["reconstruction"], want, **exact)


def test_the_ideal_decoder_is_the_true_reverse_step():
    """The joint of (x_{t-1}, x_t) for Gaussian data, conditioned on x_t."""
    chain, t = GaussianChain.ideal(SCHEDULE, MEAN, VAR), torch.arange(1, 13)
    ab, before, root = SCHEDULE.alpha_bar[t], SCHEDULE.alpha_bar[t - 1], SCHEDULE.alpha[t].sqrt()
    var_t, var_before = VAR * ab + 1 - ab, VAR * before + 1 - before
    slope = root * var_before / var_t
    assert_close(chain.slope[1:], slope, **exact)
    assert_close(chain.offset[1:], MEAN * (before.sqrt() - slope * ab.sqrt()), **exact)
    assert_close(chain.var[1:], var_before - slope * root * var_before, **exact)


def test_paths_follow_the_encoder():
    x0, n = data((1,)).expand(50_000), 50_000
    path = forward_path(x0, SCHEDULE)
    assert path.shape == (13, n)
    assert (path[0] == x0).all()
    now, after = path[5], path[6]
    want = MultivariateNormal(
        SCHEDULE.alpha_bar[[5, 6]].sqrt() * x0[0],
        torch.stack(
            [
                torch.stack(
                    [
                        1 - SCHEDULE.alpha_bar[5],
                        SCHEDULE.alpha[6].sqrt() * (1 - SCHEDULE.alpha_bar[5]),
                    ]
                ),
                torch.stack(
                    [
                        SCHEDULE.alpha[6].sqrt() * (1 - SCHEDULE.alpha_bar[5]),
                        1 - SCHEDULE.alpha_bar[6],
                    ]
                ),
            ]
        ),
    )
    pair = torch.stack([now, after])
    cov = want.covariance_matrix
    assert ((pair.mean(1) - want.mean).abs() < 4 * (cov.diagonal() / n).sqrt()).all()
    spread = (cov.diagonal()[:, None] * cov.diagonal() + cov**2).sqrt()
    assert ((torch.cov(pair) - cov).abs() < 4 * spread / n**0.5).all()


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_on_a_device_without_data(device):
    schedule, x0 = SCHEDULE.to(device), torch.empty(4, 1, 3, 2, device="meta")
    chain = GaussianChain.ideal(schedule, MEAN, VAR)
    for value in (
        elbo_before(x0, schedule, chain),
        path_elbo(forward_path(x0, schedule), schedule, chain),
        chain.log_prob(x0),
        *elbo_terms(x0, schedule, chain).values(),
    ):
        assert (value.device.type, value.shape, value.dtype) == ("meta", (4,), torch.float32)


def test_float32_and_bad_input():
    x0, chain = data((5, 2)).float(), GaussianChain.ideal(SCHEDULE, MEAN, VAR)
    for value in (
        elbo_before(x0, SCHEDULE, chain),
        path_elbo(forward_path(x0, SCHEDULE), SCHEDULE, chain),
        chain.log_prob(x0),
        *elbo_terms(x0, SCHEDULE, chain).values(),
    ):
        assert value.dtype == torch.float32
    with pytest.raises(ValueError, match=r"path has 5 points, wanted T\+1 = 13"):
        path_elbo(torch.zeros(5, 2, 2), SCHEDULE, chain)
    with pytest.raises(ValueError, match="variance is 'small', wanted one of"):
        GaussianChain.ideal(SCHEDULE, 0, 1, "small")
    with pytest.raises(ValueError, match="t runs from 0"):
        score_matching_term(x0, torch.zeros(5).long(), SCHEDULE, chain)
