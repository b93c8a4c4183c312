"""Weights of the steps."""

import pytest
import torch
from torch.testing import assert_close

from dgm.diffusion import predict_eps, q_sample, velocity
from dgm.schedule import NoiseSchedule
from dgm.weighting import min_snr_weight


@pytest.mark.parametrize("predicts", ["eps", "x0", "v"])
def test_min_snr_weighs_one_error_alike_whatever_is_predicted(predicts):
    g = torch.Generator().manual_seed(0)
    schedule = NoiseSchedule.cosine(50)
    t = torch.arange(1, 51)
    x0, eps, off = (torch.randn(50, 3, generator=g, dtype=torch.float64) for _ in range(3))
    xt = q_sample(x0, t, eps, schedule)
    x0_hat = x0 + off
    eps_hat = predict_eps(xt, t, x0_hat, schedule)
    target, guess = {
        "eps": (eps, eps_hat),
        "x0": (x0, x0_hat),
        "v": (velocity(x0, eps, t, schedule), velocity(x0_hat, eps_hat, t, schedule)),
    }[predicts]
    error = (target - guess).square().sum(1)
    wanted = schedule.snr[1:].clamp(max=5.0) * off.square().sum(1)
    assert_close(min_snr_weight(t, schedule, predicts) * error, wanted)


def test_min_snr_without_a_limit_is_the_simple_loss():
    t = torch.arange(1, 11)
    weight = min_snr_weight(t, NoiseSchedule.linear(10), gamma=float("inf"))
    assert_close(weight, torch.ones(10, dtype=torch.float64))


def test_another_prediction_is_refused():
    with pytest.raises(ValueError, match="predicts is 'noise'"):
        min_snr_weight(torch.tensor([1]), NoiseSchedule.linear(10), "noise")
