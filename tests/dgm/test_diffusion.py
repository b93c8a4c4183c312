"""The forward process, its posterior and the three predictions, against exact counterparts."""

import pytest
import torch
from torch.distributions import Normal, kl_divergence
from torch.testing import assert_close

from dgm.diffusion import (
    PREDICTS,
    forward_step,
    loss_weight,
    posterior_mean_from_eps,
    predict_eps,
    predict_x0,
    q_posterior,
    q_sample,
    score_from_eps,
    velocity,
    x0_from_velocity,
)
from dgm.prediction import as_eps, as_x0, training_target
from dgm.schedule import NoiseSchedule

exact = {"rtol": 1e-10, "atol": 1e-10}
SHAPES = [(6,), (6, 3), (6, 2, 3, 5)]
THREE = [  # functions of three tensors of one shape and of steps, which come second or third
    lambda a, b, t, s: forward_step(a, t, b, s),
    lambda a, b, t, s: q_sample(a, t, b, s),
    lambda a, b, t, s: q_posterior(a, b, t, s)[0],
    lambda a, b, t, s: posterior_mean_from_eps(a, t, b, s),
    lambda a, b, t, s: predict_x0(a, t, b, s),
    lambda a, b, t, s: predict_eps(a, t, b, s),
    lambda a, b, t, s: velocity(a, b, t, s),
    lambda a, b, t, s: x0_from_velocity(a, t, b, s),
    lambda a, b, t, s: score_from_eps(a, t, b, s),
    lambda a, b, t, s: as_eps(b, a, t, s, "v"),
    lambda a, b, t, s: training_target(a, b, t, s, "v"),
]


def draw(shape, T=20, first=1):
    schedule = NoiseSchedule.linear(T, 0.01, 0.3)
    x0, eps = torch.randn(2, *shape, dtype=torch.float64)
    t = torch.randint(first, T + 1, (shape[0],))
    return schedule, x0, eps, t


@pytest.mark.parametrize("make", [NoiseSchedule.linear, NoiseSchedule.cosine])
@pytest.mark.parametrize("T", [1, 7, 60])
def test_composed_steps_are_the_closed_form(make, T):
    """Row 0 follows the mean, row i the noise of step i alone: their squares are the variance."""
    schedule = make(T)
    x = torch.zeros(T + 1, dtype=torch.float64)
    x[0] = 1
    for i in range(1, T + 1):
        t = torch.full((T + 1,), i)
        x = forward_step(x, t, (torch.arange(T + 1) == i).double(), schedule)
        now = torch.tensor([i])
        signal = q_sample(torch.ones(1).double(), now, torch.zeros(1).double(), schedule)
        noise = q_sample(torch.zeros(1).double(), now, torch.ones(1).double(), schedule)
        assert_close(x[:1], signal, **exact)
        assert_close((x[1:] ** 2).sum(0, keepdim=True), noise**2, **exact)
        assert_close(signal**2 + noise**2, torch.ones(1).double(), **exact)


@pytest.mark.parametrize("shape", SHAPES)
def test_posterior_is_the_product_of_two_gaussians(shape):
    """q(x_{t-1}|x_t,x_0) is N(x_{t-1}; from x_0) times N(x_t; from x_{t-1}): precisions add."""
    schedule, x0, xt, t = draw(shape, first=2)
    mean, var = q_posterior(x0, xt, t, schedule)
    assert var.shape == (6, *[1] * (len(shape) - 1))
    for row in range(6):
        i = int(t[row])
        ab, alpha, beta = (getattr(schedule, n) for n in ("alpha_bar", "alpha", "beta"))
        from_x0 = 1 / (1 - ab[i - 1])
        from_xt = alpha[i] / beta[i]
        precision = from_x0 + from_xt
        center = from_x0 * ab[i - 1].sqrt() * x0[row] + from_xt * xt[row] / alpha[i].sqrt()
        assert_close(mean[row], center / precision, **exact)
        assert_close(var[row].reshape(()), 1 / precision, **exact)


def test_first_posterior_is_the_point():
    schedule, x0, xt, _ = draw((4, 3))
    mean, var = q_posterior(x0, xt, torch.ones(4).long(), schedule)
    assert_close(mean, x0, **exact)
    assert (var == 0).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_posterior_mean_from_the_noise_is_the_same_mean(shape):
    schedule, x0, eps, t = draw(shape)
    xt = q_sample(x0, t, eps, schedule)
    want, _ = q_posterior(x0, xt, t, schedule)
    assert_close(posterior_mean_from_eps(xt, t, eps, schedule), want, **exact)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_prediction_gives_the_data_and_the_noise_back(shape):
    schedule, x0, eps, t = draw(shape)
    xt = q_sample(x0, t, eps, schedule)
    v = velocity(x0, eps, t, schedule)
    assert_close(predict_x0(xt, t, eps, schedule), x0, **exact)
    assert_close(predict_eps(xt, t, x0, schedule), eps, **exact)
    assert_close(x0_from_velocity(xt, t, v, schedule), x0, **exact)
    for predicts in PREDICTS:
        target = training_target(x0, eps, t, schedule, predicts)
        assert_close(target, {"eps": eps, "x0": x0, "v": v}[predicts], rtol=0, atol=0)
        assert_close(as_x0(target, xt, t, schedule, predicts), x0, **exact)
        assert_close(as_eps(target, xt, t, schedule, predicts), eps, **exact)


def test_velocity_is_the_rate_of_change_along_the_circle():
    """With sqrt(alpha_bar) = cos(a), x_t = cos(a) x_0 + sin(a) eps turns at the rate v."""
    schedule, x0, eps, t = draw((5, 2))
    angle = torch.acos(schedule.alpha_bar[t].sqrt())[:, None]
    _, rate = torch.func.jvp(
        lambda a: a.cos() * x0 + a.sin() * eps, (angle,), (torch.ones_like(angle),)
    )
    assert_close(velocity(x0, eps, t, schedule), rate, **exact)


def test_score_is_the_gradient_of_the_log_density():
    schedule, x0, eps, t = draw((5, 2))
    xt = q_sample(x0, t, eps, schedule).requires_grad_()
    ab = schedule.alpha_bar[t][:, None]
    log_q = Normal(ab.sqrt() * x0, (1 - ab).sqrt()).log_prob(xt).sum()
    (want,) = torch.autograd.grad(log_q, xt)
    assert_close(score_from_eps(xt.detach(), t, eps, schedule), want, **exact)


@pytest.mark.parametrize("predicts", PREDICTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_weighted_error_is_the_kl_of_torch(shape, predicts):
    """A random prediction, and the KL of the two reverse steps that belong to it."""
    schedule, x0, eps, t = draw(shape, first=2)
    xt = q_sample(x0, t, eps, schedule)
    target = training_target(x0, eps, t, schedule, predicts)
    guess = target + torch.randn_like(target)
    q_mean, var = q_posterior(x0, xt, t, schedule)
    p_mean, _ = q_posterior(as_x0(guess, xt, t, schedule, predicts), xt, t, schedule)
    kl = kl_divergence(Normal(q_mean, var.sqrt()), Normal(p_mean, var.sqrt()))
    error = ((target - guess) ** 2).reshape(6, -1).sum(1)
    weight = loss_weight(t, schedule, predicts)
    assert weight.shape == (6,)
    assert_close(weight * error, kl.reshape(6, -1).sum(1), **exact)


def test_three_predictions_have_the_same_objective():
    """One x0_hat, seen as each prediction: three errors, three weights, one number."""
    schedule, x0, eps, t = draw((6, 3), first=2)
    xt = q_sample(x0, t, eps, schedule)
    x0_hat = x0 + torch.randn_like(x0)
    eps_hat = predict_eps(xt, t, x0_hat, schedule)
    values = [
        loss_weight(t, schedule, predicts)
        * (
            training_target(x0, eps, t, schedule, predicts)
            - training_target(x0_hat, eps_hat, t, schedule, predicts)
        )
        .square()
        .sum(1)
        for predicts in PREDICTS
    ]
    assert_close(values[0], values[1], **exact)
    assert_close(values[0], values[2], **exact)


def test_weight_of_noise_as_ho_et_al_write_it():
    schedule = NoiseSchedule.linear(30)
    t = torch.arange(2, 31)
    beta, ab = schedule.beta[t], schedule.alpha_bar[t]
    want = beta**2 / (2 * schedule.beta_tilde[t] * schedule.alpha[t] * (1 - ab))
    assert_close(loss_weight(t, schedule), want, **exact)
    assert loss_weight(torch.tensor([1]), schedule).isinf().all()


@pytest.mark.parametrize("function", THREE)
@pytest.mark.parametrize("shape", SHAPES)
def test_float32_stays_and_is_precise(function, shape):
    """The first steps, where 1 - alpha_bar is small, would lose digits in float32."""
    schedule, t = NoiseSchedule.linear(), torch.tensor([1, 1, 2, 3, 4, 5])
    a, b = torch.randn(2, *shape)
    got = function(a, b, t, schedule)
    want = function(a.double(), b.double(), t, schedule)
    assert got.dtype == torch.float32
    assert got.shape == shape
    assert (got - want).abs().max() < 1e-6 * want.abs().max().clamp(min=1)


@pytest.mark.parametrize("function", THREE)
def test_on_a_device_without_data(function):
    x, t = torch.empty(4, 1, 3, 2, device="meta"), torch.empty(4, device="meta").long()
    for schedule in (NoiseSchedule.linear(9), NoiseSchedule.linear(9).to("meta")):
        got = function(x, x, t, schedule)
        assert (got.device.type, got.shape) == ("meta", x.shape)
        assert loss_weight(t, schedule).device.type == "meta"


@pytest.mark.parametrize("function", THREE)
def test_bad_input_is_named(function):
    schedule, a, b, t = draw((6, 3))
    for bad, message in {
        0: r"t runs from 0 to .*, wanted 1 to 20 \(schedule.T\)",
        21: r"t runs from .* to 21, wanted 1 to 20",
    }.items():
        steps = t.clone()
        steps[2] = bad
        with pytest.raises(ValueError, match=message):
            function(a, b, steps, schedule)
    with pytest.raises(
        ValueError, match=r"\(6, 3\), wanted \(B, \*D\)|\(6, 2\), wanted \(B, \*D\)"
    ):
        function(a, b[:, :2], t, schedule)
    with pytest.raises(ValueError, match=r"shape \(6, 1\), wanted \(B,\)"):
        function(a, b, t[:, None], schedule)
    with pytest.raises(ValueError, match=r"t is torch.float32, wanted integers"):
        function(a, b, t.float(), schedule)
    with pytest.raises(ValueError, match="wanted one dtype"):
        function(a, b.float(), t, schedule)
    with pytest.raises(ValueError, match="has NaN in it"):
        function(a * torch.nan, b, t, schedule)


def test_unknown_predictions_are_refused():
    schedule, x0, eps, t = draw((6, 3))
    for call in (
        lambda: loss_weight(t, schedule, "noise"),
        lambda: as_x0(eps, x0, t, schedule, "noise"),
        lambda: as_eps(eps, x0, t, schedule, "noise"),
        lambda: training_target(x0, eps, t, schedule, "noise"),
    ):
        with pytest.raises(
            ValueError, match=r"predicts is 'noise', wanted one of \('eps', 'x0', 'v'\)"
        ):
            call()
    with pytest.raises(ValueError, match="t runs from 0"):
        loss_weight(t * 0, schedule)
