"""Both estimates of a gradient have the mean that is known, and their variances differ."""

import pytest
import torch
from torch.testing import assert_close

from dgm.estimators import reparameterized_gradient, score_function_gradient

N = 50_000


def cubic(z):
    return (z**3).sum(1)


def problem():
    mu = torch.tensor([[0.5, -1.0]], dtype=torch.float64)
    logvar = torch.tensor([[0.4, -0.6]], dtype=torch.float64)
    truth = 3 * (mu**2 + logvar.exp())  # d/dmu E[z^3] with E[z^3] = mu^3 + 3 mu var
    eps = torch.randn(N, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return mu.expand(N, -1), logvar.expand(N, -1), eps, truth[0]


@pytest.mark.parametrize("estimate", [reparameterized_gradient, score_function_gradient])
def test_mean_is_the_gradient_of_the_expectation(estimate):
    mu, logvar, eps, truth = problem()
    each = estimate(cubic, mu, logvar, eps)
    assert each.shape == (N, 2)
    assert ((each.mean(0) - truth).abs() < 4 * each.std(0) / N**0.5).all()


def test_each_draw_is_the_formula():
    mu, logvar, eps, _ = problem()
    z = mu + (logvar / 2).exp() * eps
    assert_close(reparameterized_gradient(cubic, mu, logvar, eps), 3 * z**2)
    scale = mu.clone().requires_grad_()
    log_q = torch.distributions.Normal(scale, (logvar / 2).exp()).log_prob(z).sum()
    (score,) = torch.autograd.grad(log_q, scale)
    assert_close(score_function_gradient(cubic, mu, logvar, eps), cubic(z)[:, None] * score)


def test_score_function_varies_more():
    mu, logvar, eps, _ = problem()
    ours = reparameterized_gradient(cubic, mu, logvar, eps).var(0)
    theirs = score_function_gradient(cubic, mu, logvar, eps).var(0)
    assert (theirs > 1.5 * ours).all()


def test_score_function_asks_for_no_gradient_and_the_other_leaves_none():
    mu, logvar, eps, _ = problem()
    step = score_function_gradient(lambda z: (z[:, 0] > 0).double(), mu, logvar, eps)
    sigma = (logvar[0, 0] / 2).exp()
    density = torch.distributions.Normal(mu[0, 0], sigma).log_prob(torch.zeros(())).exp()
    assert abs(step[:, 0].mean() - density) < 4 * step[:, 0].std() / N**0.5
    mu = mu.clone().requires_grad_()
    reparameterized_gradient(cubic, mu, logvar, eps)
    assert mu.grad is None


def test_bad_input():
    with pytest.raises(ValueError, match="eps has shape"):
        score_function_gradient(cubic, torch.zeros(3, 2), torch.zeros(3, 2), torch.zeros(3, 1))
