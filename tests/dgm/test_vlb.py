"""The bound of a model: on Gaussian data its terms are known, and it stays below log p."""

import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence
from torch.testing import assert_close

from dgm.data import load
from dgm.ddpm import vlb
from dgm.diffusion import PREDICTS, loss_weight, predict_eps
from dgm.exact.gaussians import GaussianMixture
from dgm.exact.ideal import ideal_denoiser
from dgm.hierarchical import GaussianChain, elbo_terms
from dgm.schedule import NoiseSchedule

exact = {"rtol": 1e-10, "atol": 1e-10}
SCHEDULE = NoiseSchedule.linear(20, 0.001, 0.4)
MEAN, VAR = 0.1, 0.04
FINE = 2**14 + 1  # grey levels so fine that a bin's mass is the density times its width


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def gaussian(D):
    one = torch.ones(1, dtype=torch.float64)
    return GaussianMixture(one, torch.full((1, D), MEAN, dtype=torch.float64), VAR * one)


@pytest.mark.parametrize("variance", ["beta", "beta_tilde"])
def test_terms_add_up_to_the_exact_bound_for_gaussian_data(variance):
    """Means over 20,000 draws of each term, beside the closed form of the same chain."""
    n, D = 20_000, 2
    x0 = torch.tensor([[0.3, -0.25]], dtype=torch.float64)
    model = gaussian(D).as_model(SCHEDULE)
    got = vlb(model, x0.expand(n, D), SCHEDULE, FINE, seeded(), variance=variance)
    chain = GaussianChain.ideal(SCHEDULE, MEAN, VAR, variance)
    want = elbo_terms(x0, SCHEDULE, chain)
    want["reconstruction"] += D * math.log(2 / (FINE - 1))
    assert got.keys() == want.keys()
    for name, value in got.items():
        assert value.shape == (n,)
        assert (value.mean() - want[name]).abs() < 4 * value.std() / math.sqrt(n) + 1e-6, name


def test_bound_is_below_the_log_probability_of_the_data():
    n, D = 2000, 1
    x0 = gaussian(D).sample(n, seeded())
    terms = vlb(gaussian(D).as_model(SCHEDULE), x0, SCHEDULE, FINE, seeded(1))
    bound = terms["reconstruction"] - terms["prior_matching"] - terms["score_matching"]
    log_p = GaussianChain.ideal(SCHEDULE, MEAN, VAR, "beta_tilde").log_prob(x0)
    gap = log_p + math.log(2 / (FINE - 1)) - bound
    assert gap.mean() > 4 * gap.std() / math.sqrt(n)


@pytest.mark.parametrize("shape", [(6,), (6, 3), (6, 1, 2, 3)])
@pytest.mark.parametrize("variance", ["beta", "beta_tilde"])
def test_each_term_with_the_draws_by_hand(shape, variance):
    """With 5 steps, x_5 ... x_2 and then x_1 are drawn in the order 2, 3, 4, 5, 1."""
    schedule, levels = NoiseSchedule.linear(5, 0.1, 0.4), 17
    x0 = (torch.randint(17, shape) / 8 - 1).double()
    terms = vlb(lambda xt, t: xt / 2, x0, schedule, levels, seeded(), variance=variance)
    g, ab, score = seeded(), schedule.alpha_bar, 0
    for t in (2, 3, 4, 5, 1):
        xt = ab[t].sqrt() * x0 + (1 - ab[t]).sqrt() * torch.randn(shape, generator=g).double()
    g = seeded()
    for t in (2, 3, 4, 5, 1):
        eps = torch.randn(shape, generator=g, dtype=torch.float64)
        xt = ab[t].sqrt() * x0 + (1 - ab[t]).sqrt() * eps
        mean = (xt - schedule.beta[t] / (1 - ab[t]).sqrt() * xt / 2) / schedule.alpha[t].sqrt()
        tilde = (1 - ab[t - 1]) / (1 - ab[t]) * schedule.beta[t]
        var = schedule.beta[t] if variance == "beta" else tilde
        if t > 1:
            on_x0 = ab[t - 1].sqrt() * schedule.beta[t] / (1 - ab[t])
            on_xt = schedule.alpha[t].sqrt() * (1 - ab[t - 1]) / (1 - ab[t])
            q = Normal(on_x0 * x0 + on_xt * xt, tilde.sqrt())
            score = score + kl_divergence(q, Normal(mean, var.sqrt())).reshape(6, -1).sum(1)
    if variance == "beta_tilde":  # a point has no density: step 1 borrows from step 2
        var = (1 - ab[1]) / (1 - ab[2]) * schedule.beta[2]
    p = Normal(mean, var.sqrt())
    upper = torch.where(x0 > 0.99, 1.0, p.cdf(x0 + 1 / 16))
    lower = torch.where(x0 < -0.99, 0.0, p.cdf(x0 - 1 / 16))
    assert_close(terms["score_matching"], score, **exact)
    want = (upper - lower).log().reshape(6, -1).sum(1)
    assert_close(terms["reconstruction"], want, rtol=1e-6, atol=1e-6)
    q = Normal(ab[-1].sqrt() * x0, (1 - ab[-1]).sqrt())
    prior = kl_divergence(q, Normal(torch.zeros_like(x0), torch.ones_like(x0)))
    assert_close(terms["prior_matching"], prior.reshape(6, -1).sum(1), **exact)


def test_a_model_that_knows_the_data_leaves_only_the_bins():
    """Its mean in step 1 is x_0: the mass of a bin round the mean, by the error function."""
    x0 = torch.randn(5, 3, dtype=torch.float64).clamp(-0.9, 0.9)
    truth = lambda xt, t: predict_eps(xt, t, x0, SCHEDULE)  # noqa: E731
    terms = vlb(truth, x0, SCHEDULE, variance="beta")
    mass = torch.erf(1 / 255 / (2 * SCHEDULE.beta[1]).sqrt())
    assert_close(terms["reconstruction"], 3 * mass.log().expand(5), **exact)
    terms = vlb(truth, x0, SCHEDULE)
    assert_close(terms["score_matching"], torch.zeros(5, dtype=torch.float64), **exact)


@pytest.mark.parametrize("predicts", PREDICTS)
def test_any_prediction_gives_the_same_terms(predicts):
    x0, belief = torch.rand(5, 3, dtype=torch.float64) - 0.5, gaussian(3)
    got = vlb(belief.as_model(SCHEDULE, predicts), x0, SCHEDULE, 17, seeded(), predicts=predicts)
    want = vlb(belief.as_model(SCHEDULE), x0, SCHEDULE, 17, seeded())
    for name in want:
        assert_close(got[name], want[name], rtol=1e-8, atol=1e-8)


def test_clip_brings_the_predicted_data_into_their_range():
    x0, wild = torch.zeros(5, 3, dtype=torch.float64), lambda xt, t: 3 * xt
    tame = lambda xt, t: (3 * xt).clamp(-1, 0.5)  # noqa: E731
    got = vlb(wild, x0, SCHEDULE, 17, seeded(), predicts="x0", clip=(-1, 0.5))
    want = vlb(tame, x0, SCHEDULE, 17, seeded(), predicts="x0")
    for name in want:
        assert_close(got[name], want[name], rtol=1e-8, atol=1e-8)


def test_some_of_the_steps_estimate_the_whole():
    """A model that errs by 0.1 has a known KL in each step, whatever was drawn."""
    T, x0, calls = 6, torch.zeros(3, 4, dtype=torch.float64), []
    schedule = NoiseSchedule.linear(T, 0.05, 0.3)
    kl = 4 * 0.1**2 * loss_weight(torch.arange(1, T + 1), schedule, "x0")

    def model(xt, t):
        calls.append(int(t[0]))
        return x0 + 0.1

    chosen, generator = [], seeded()
    for _ in range(200):
        calls.clear()
        terms = vlb(model, x0, schedule, 17, generator, predicts="x0", steps=2)
        *some, last = calls
        assert last == 1
        assert len(set(some)) == 2
        assert_close(terms["score_matching"], (5 / 2 * sum(kl[t - 1] for t in some)).expand(3))
        chosen += some
    counts = torch.bincount(torch.tensor(chosen), minlength=T + 1)
    assert counts.tolist()[:2] == [0, 0]
    assert ((counts[2:] - 80).abs() < 5 * math.sqrt(80)).all()
    whole = vlb(model, x0, schedule, 17, predicts="x0")["score_matching"]
    assert_close(whole, kl[1:].sum().expand(3), **exact)
    for steps in (0, 6):
        with pytest.raises(ValueError, match=f"steps is {steps}, wanted 1 to T-1=5, or None"):
            vlb(model, x0, schedule, steps=steps)


def test_bits_of_digits_by_the_ideal_denoiser():
    """It knows the training images by heart: few bits for one of them, many for others."""
    x, _ = load("digits")
    test, _ = load("digits", "test")
    schedule, images = NoiseSchedule.cosine(20), x[:200]

    def bits(batch):
        model = lambda xt, t: ideal_denoiser(xt, t, images, schedule)  # noqa: E731
        terms = vlb(model, batch, schedule, 17, seeded(), predicts="x0")
        elbo = terms["reconstruction"] - terms["prior_matching"] - terms["score_matching"]
        return float(-elbo.mean()) / (64 * math.log(2))

    assert math.log2(200) / 64 < bits(images[:50]) < 1
    assert bits(test[:50]) > math.log2(17)  # worse than a uniform guess


def test_one_step_dtype_device_and_random_state():
    x0, schedule = torch.zeros(2, 3), NoiseSchedule.linear(1, 0.5)
    before = torch.get_rng_state()
    terms = vlb(lambda xt, t: xt, x0, schedule, generator=seeded())
    assert (torch.get_rng_state() == before).all()
    assert (terms["score_matching"] == 0).all()
    assert {v.dtype for v in terms.values()} == {torch.float32}
    layer = torch.nn.Linear(3, 3, device="meta")
    for s in (SCHEDULE, SCHEDULE.to("meta")):
        terms = vlb(lambda xt, t: layer(xt), x0.to("meta"), s, clip=(-1, 1))
        assert {(v.device.type, v.shape) for v in terms.values()} == {("meta", (2,))}
        assert not any(v.requires_grad for v in terms.values())


def test_bad_input_is_named():
    x0, model = torch.zeros(2, 3), lambda xt, t: xt
    with pytest.raises(ValueError, match="variance is 'fixed', wanted one of"):
        vlb(model, x0, SCHEDULE, variance="fixed")
    with pytest.raises(ValueError, match="predicts is 'noise', wanted one of"):
        vlb(model, x0, SCHEDULE, predicts="noise")
    with pytest.raises(ValueError, match="levels is 1, wanted 2 or more"):
        vlb(model, x0, SCHEDULE, 1)
    with pytest.raises(ValueError, match="vlb: x0 is"):
        vlb(model, x0.long(), SCHEDULE)
