"""Noise schedules: their tables by other ways, and the lookup."""

import math

import pytest
import torch
from torch.testing import assert_close

from dgm.schedule import (
    NoiseSchedule,
    at,
    cosine_beta,
    cumulative_alpha,
    linear_beta,
    reverse_variance,
)

exact = {"rtol": 1e-12, "atol": 1e-14}


def table(values):
    return torch.tensor(list(values), dtype=torch.float64)


def test_linear_goes_from_first_to_last_in_equal_steps():
    beta = linear_beta(4, 0.1, 0.4)
    assert_close(beta, table([0, 0.1, 0.2, 0.3, 0.4]), **exact)
    assert linear_beta().shape == (1001,)
    assert_close(linear_beta()[[0, 1, 1000]], table([0, 1e-4, 0.02]), **exact)
    assert_close(linear_beta(1, 0.3), table([0, 0.3]), **exact)


def test_cosine_makes_alpha_bar_a_squared_cosine_up_to_the_clipped_end():
    T, s = 50, 0.02
    beta = cosine_beta(T, s)

    def f(t):
        return math.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2

    want = table(f(t) / f(0) for t in range(T))
    assert_close(cumulative_alpha(beta)[:T], want, **exact)
    assert beta[T] == 0.999
    assert (beta[1:T] < 0.999).all()


@pytest.mark.parametrize(
    ("name", "made"), [("linear", linear_beta), ("squaredcos_cap_v2", cosine_beta)]
)
def test_tables_are_those_of_diffusers(name, made):
    diffusers = pytest.importorskip("diffusers")
    theirs = diffusers.DDPMScheduler(1000, beta_schedule=name).betas  # float32
    assert_close(made()[1:].float(), theirs, rtol=1e-5, atol=1e-7)


def test_cumulative_alpha_is_the_product_so_far():
    beta = linear_beta(6, 0.1, 0.5)
    product, want = 1.0, []
    for b in beta:
        product *= 1 - float(b)
        want.append(product)
    assert_close(cumulative_alpha(beta), table(want), **exact)
    assert cumulative_alpha(beta.float()).dtype == torch.float32


def test_tables_of_a_schedule_by_hand():
    # beta 0.5 and 0.2: alpha_bar 0.5 and 0.4; beta_tilde_2 = 0.5 / 0.6 * 0.2
    schedule = NoiseSchedule(torch.tensor([0, 0.5, 0.2]))
    assert schedule.T == 2
    for name, want in {
        "beta": [0, 0.5, 0.2],
        "alpha": [1, 0.5, 0.8],
        "alpha_bar": [1, 0.5, 0.4],
        "beta_tilde": [0, 0, 1 / 6],
        "snr": [math.inf, 1, 2 / 3],
    }.items():
        got = getattr(schedule, name)
        assert got.dtype == torch.float64
        assert_close(got, table(want), rtol=1e-6, atol=1e-7)  # 0.2 came as float32


def test_class_methods_pass_their_arguments_on():
    assert_close(NoiseSchedule.linear(7, 0.1, 0.2).beta, linear_beta(7, 0.1, 0.2), **exact)
    assert_close(NoiseSchedule.cosine(7, 0.1).beta, cosine_beta(7, 0.1), **exact)
    assert NoiseSchedule.linear().T == NoiseSchedule.cosine().T == 1000


def test_schedule_moves_to_a_device():
    moved = NoiseSchedule.linear(5).to("meta")
    tables = [moved.beta, moved.alpha, moved.alpha_bar, moved.beta_tilde, moved.snr]
    assert {a.device.type for a in tables} == {"meta"}
    assert "T=5" in repr(NoiseSchedule.linear(5))


def test_reverse_variance_has_no_point_in_its_last_step():
    schedule = NoiseSchedule.linear(4, 0.1, 0.4)
    kept = schedule.beta_tilde.clone()
    var = reverse_variance(schedule, "beta_tilde")
    assert var[1] == var[2] == kept[2] > 0
    assert_close(var[2:], kept[2:], rtol=0, atol=0)
    assert_close(schedule.beta_tilde, kept, rtol=0, atol=0)  # and the schedule is as before
    assert_close(reverse_variance(schedule, "beta"), schedule.beta, rtol=0, atol=0)
    assert reverse_variance(NoiseSchedule.linear(1), "beta_tilde")[1] == 1e-4
    with pytest.raises(ValueError, match=r"variance is 'fixed', wanted one of"):
        reverse_variance(schedule, "fixed")


@pytest.mark.parametrize("shape", [(3,), (3, 2), (3, 1, 4, 5)])
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_lookup_fits_to_any_rank_and_dtype(shape, dtype):
    x = torch.ones(shape, dtype=dtype)
    got = at(table([0, 10, 20, 30]), torch.tensor([3, 1, 1]), x)
    assert got.dtype == dtype
    assert got.shape == (3, *[1] * (len(shape) - 1))
    assert got.flatten().tolist() == [30, 10, 10]


@pytest.mark.parametrize(
    ("beta", "message"),
    [
        ([0.1, 0.2], "beta is list"),
        (torch.zeros(1), r"beta is torch.Size\(\[1\]\), wanted a tensor of shape \(T\+1,\)"),
        (torch.zeros(2, 2), r"wanted a tensor of shape \(T\+1,\)"),
        (torch.tensor([0.1, 0.2]), r"beta\[0\] is 0.1, wanted 0"),
        (torch.tensor([0.0, 0.2, 0.0]), "beta runs from 0 to 0.2, wanted"),
        (torch.tensor([0.0, 1.0]), "wanted numbers above 0 and below 1"),
        (torch.tensor([0.0, math.nan]), "wanted numbers above 0 and below 1"),
    ],
)
def test_bad_tables_are_named(beta, message):
    with pytest.raises(ValueError, match=message):
        NoiseSchedule(beta)


@pytest.mark.parametrize("made", [linear_beta, cosine_beta])
def test_no_steps_are_refused(made):
    with pytest.raises(ValueError, match="T is 0, wanted 1 or more"):
        made(0)
