"""The mixture under the forward process, against torch.distributions and autograd."""

import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal
from torch.testing import assert_close

from dgm.data import toy
from dgm.diffusion import PREDICTS, predict_eps, predict_x0, velocity
from dgm.exact.gaussians import GaussianMixture
from dgm.schedule import NoiseSchedule

exact = {"rtol": 1e-10, "atol": 1e-10}
SCHEDULE = NoiseSchedule.linear(20, 0.01, 0.3)


def mixture(K=3, D=2):
    weights = torch.softmax(torch.randn(K, dtype=torch.float64), 0)
    means = 2 * torch.randn(K, D, dtype=torch.float64)
    return GaussianMixture(weights, means, torch.rand(K, dtype=torch.float64) + 0.1)


def marginal(m, t):
    """q(x_t) for a single step t, by torch.distributions."""
    ab = SCHEDULE.alpha_bar[t]
    std = (ab * m.variances + 1 - ab).sqrt()[:, None].expand_as(m.means)
    parts = Independent(Normal(ab.sqrt() * m.means, std), 1)
    return MixtureSameFamily(Categorical(m.weights), parts)


@pytest.mark.parametrize("D", [1, 2, 5])
def test_log_prob_and_score_at_each_step(D):
    m = mixture(D=D)
    x = (3 * torch.randn(21, D, dtype=torch.float64)).requires_grad_()
    t = torch.arange(21)  # from clean data to noise
    log_q = torch.stack([marginal(m, i).log_prob(x[i]) for i in range(21)])
    assert_close(m.log_prob(x, t, SCHEDULE), log_q, **exact)
    (gradient,) = torch.autograd.grad(log_q.sum(), x)
    assert_close(m.score(x.detach(), t, SCHEDULE), gradient, **exact)


def test_predictions_by_tweedies_formula():
    """E[x0|xt] = (xt + (1 - alpha_bar) score) / sqrt(alpha_bar)."""
    m, t = mixture(), torch.arange(1, 21)
    x = 3 * torch.randn(20, 2, dtype=torch.float64)
    ab, score = SCHEDULE.alpha_bar[t][:, None], m.score(x, t, SCHEDULE)
    x0 = (x + (1 - ab) * score) / ab.sqrt()
    assert_close(m.predict_x0(x, t, SCHEDULE), x0, **exact)
    assert_close(m.predict_eps(x, t, SCHEDULE), predict_eps(x, t, x0, SCHEDULE), **exact)


@pytest.mark.parametrize("predicts", PREDICTS)
def test_model_predicts_what_it_says(predicts):
    m, t = mixture(), torch.arange(1, 21)
    x = 3 * torch.randn(20, 2, dtype=torch.float64)
    eps = m.predict_eps(x, t, SCHEDULE)
    x0 = predict_x0(x, t, eps, SCHEDULE)
    want = {"eps": eps, "x0": x0, "v": velocity(x0, eps, t, SCHEDULE)}[predicts]
    assert_close(m.as_model(SCHEDULE, predicts)(x, t), want, **exact)


def test_points_are_allowed_as_components():
    """Between two points, the prediction weighs them by hand."""
    m = GaussianMixture(torch.tensor([0.25, 0.75]), torch.tensor([[-1.0], [1.0]]), torch.zeros(2))
    t, x = torch.tensor([20]), torch.tensor([[0.3]], dtype=torch.float64)
    ab = SCHEDULE.alpha_bar[20]
    odds = 3 * torch.exp(2 * ab.sqrt() * 0.3 / (1 - ab))
    assert_close(
        m.predict_x0(x, t, SCHEDULE), ((odds - 1) / (odds + 1)).reshape(1, 1), rtol=1e-6, atol=0
    )


def test_samples_have_the_mixtures_moments():
    m, n = mixture(), 50_000
    x = m.sample(n, torch.Generator().manual_seed(1))
    law = marginal(m, 0)
    assert ((x.mean(0) - law.mean).abs() < 4 * (law.variance / n).sqrt()).all()
    fourth = ((x - law.mean) ** 4).mean(0)
    spread = (fourth - law.variance**2).sqrt()
    assert (((x - law.mean) ** 2).mean(0) - law.variance).abs().lt(4 * spread / n**0.5).all()


def test_eight_are_those_of_the_toy_data():
    m, t = GaussianMixture.eight(), torch.zeros(4000).long()
    assert m.means.dtype == torch.float32
    drawn = toy("eight_gaussians", 4000, torch.Generator().manual_seed(0))
    own = m.sample(4000, torch.Generator().manual_seed(1))
    a, b = (m.log_prob(x, t, SCHEDULE) for x in (drawn, own))
    assert (a.mean() - b.mean()).abs() < 4 * (2 * a.var() / 4000).sqrt()
    assert 0.9 < a.var() / b.var() < 1.1
    assert GaussianMixture.eight(torch.float64).means.dtype == torch.float64


def test_dtype_device_and_random_state():
    m, t = mixture(), torch.tensor([1, 20])
    assert m.score(torch.zeros(2, 2), t, SCHEDULE).dtype == torch.float32
    x, t = torch.empty(3, 2, device="meta"), torch.empty(3, device="meta").long()
    assert m.as_model(SCHEDULE)(x, t).device.type == "meta"
    before = torch.get_rng_state()
    m.sample(5, torch.Generator().manual_seed(0))
    assert (torch.get_rng_state() == before).all()


def test_bad_input_is_named():
    one = torch.ones(2)
    with pytest.raises(ValueError, match=r"weights add up to 0.8, wanted 1"):
        GaussianMixture(0.4 * one, torch.ones(2, 3), one)
    with pytest.raises(ValueError, match=r"means has shape \(3, 2\), wanted \(K, D\) with K=2"):
        GaussianMixture(one / 2, torch.ones(3, 2), one)
    with pytest.raises(ValueError, match="variances has other values"):
        GaussianMixture(one / 2, torch.ones(2, 3), -one)
    m = mixture()
    with pytest.raises(ValueError, match="t runs from 21 to 21, wanted 0 to 20"):
        m.score(torch.zeros(1, 2), torch.tensor([21]), SCHEDULE)
    with pytest.raises(ValueError, match="predicts is 'score', wanted one of"):
        m.as_model(SCHEDULE, "score")
    with pytest.raises(ValueError, match="n is 0, wanted 1 or more"):
        m.sample(0)
