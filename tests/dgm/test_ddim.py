"""DDIM: its step, its times, and where it leads for Gaussian data and points."""

from decimal import Decimal, localcontext

import pytest
import torch
from torch.testing import assert_close

from dgm.ddim import ddim_path, ddim_sample, ddim_step, ddim_times
from dgm.ddpm import ddpm_step
from dgm.diffusion import PREDICTS, predict_eps, predict_x0, q_sample
from dgm.exact.gaussians import GaussianMixture
from dgm.schedule import NoiseSchedule

exact = {"rtol": 1e-10, "atol": 1e-10}
SCHEDULE = NoiseSchedule.linear(20, 0.01, 0.3)
SHAPES = [(20,), (20, 3), (20, 1, 2, 3)]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def gaussian(mean, var, D=1):
    one = torch.ones(1, dtype=torch.float64)
    return GaussianMixture(one, torch.full((1, D), mean, dtype=torch.float64), var * one)


@pytest.mark.parametrize(
    ("T", "steps", "want"),
    [(10, 5, [10, 8, 6, 4, 2]), (10, 3, [10, 7, 4]), (5, 5, [5, 4, 3, 2, 1]), (7, 1, [7])],
)
def test_times_are_evenly_spaced_from_the_last(T, steps, want):
    assert ddim_times(T, steps) == want


@pytest.mark.parametrize("steps", [1, 2, 7, 50, 333, 1000])
def test_times_are_as_many_as_asked(steps):
    times = ddim_times(1000, steps)
    gaps = {a - b for a, b in zip([*times, 0], [*times[1:], 0], strict=False)} - {0}
    assert len(times) == steps
    assert times[0] == 1000
    assert max(gaps) - min(gaps) <= 1
    assert min(gaps) >= 1


@pytest.mark.parametrize("steps", [0, 21])
def test_too_few_or_too_many_times_are_refused(steps):
    with pytest.raises(ValueError, match=f"steps is {steps}, wanted 1 to T=20"):
        ddim_sample(lambda xt, t: xt, SCHEDULE, (1, 2), steps)


@pytest.mark.parametrize("shape", SHAPES)
def test_without_noise_and_with_the_true_eps_it_follows_q_sample(shape):
    """x_t and x_s of the same x_0 and eps: the step leads from one to the other, for any s."""
    x0, eps, z = torch.randn(3, *shape, dtype=torch.float64)
    t = torch.arange(1, 21)
    s = (torch.rand(20) * t).long()
    xt = q_sample(x0, t, eps, SCHEDULE)
    got = ddim_step(xt, t, s, eps, z, SCHEDULE)
    some = s > 0
    assert 0 < some.sum() < 20
    assert_close(got[some], q_sample(x0[some], s[some], eps[some], SCHEDULE), **exact)
    assert_close(got[~some], x0[~some], **exact)


@pytest.mark.parametrize("shape", SHAPES)
def test_with_all_the_noise_it_is_ddpms_step(shape):
    xt, eps_hat, z = torch.randn(3, *shape, dtype=torch.float64)
    t = torch.arange(1, 21)
    want = ddpm_step(xt, t, eps_hat, z, SCHEDULE, variance="beta_tilde")
    assert_close(ddim_step(xt, t, t - 1, eps_hat, z, SCHEDULE, eta=1.0), want, **exact)


@pytest.mark.parametrize("eta", [0.0, 0.3, 1.0])
def test_noise_never_changes_the_marginals(eta):
    """Given x_0, x_t ~ q(x_t|x_0) and the true eps, x_s ~ q(x_s|x_0): its variances add up."""
    t, s = torch.tensor([18]), torch.tensor([7])
    unit, none = torch.ones(1, 1, dtype=torch.float64), torch.zeros(1, 1, dtype=torch.float64)
    by_eps = ddim_step(q_sample(none, t, unit, SCHEDULE), t, s, unit, none, SCHEDULE, eta)
    by_z = ddim_step(none, t, s, none, unit, SCHEDULE, eta)
    total = by_eps**2 + by_z**2
    assert_close(total.reshape(1), (1 - SCHEDULE.alpha_bar[7]).reshape(1), **exact)
    ab_t, ab_s = SCHEDULE.alpha_bar[18], SCHEDULE.alpha_bar[7]
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    assert_close(by_z.reshape(()), sigma, **exact)


@pytest.mark.parametrize("eta", [0.0, 1.0])
@pytest.mark.parametrize("steps", [1, 6, 20])
def test_point_data_gives_the_point(steps, eta):
    point = torch.tensor([[0.3, -0.8]], dtype=torch.float64)
    model = lambda xt, t: predict_eps(xt, t, point.expand_as(xt), SCHEDULE)  # noqa: E731
    x = ddim_sample(model, SCHEDULE, (5, 2), steps, eta, dtype=torch.float64)
    assert_close(x, point.expand(5, 2), **exact)


@pytest.mark.parametrize(("mean", "var"), [(0.0, 1.0), (2.0, 4.0)])
def test_gaussian_data_by_recursion(mean, var):
    """For N(mean, var) data x_s - E[x_s] is a multiple of x_t - E[x_t], known in closed form."""
    steps, ab = 6, SCHEDULE.alpha_bar
    model = gaussian(mean, var).as_model(SCHEDULE)
    x = torch.randn(9, 1, generator=seeded(), dtype=torch.float64)
    path = ddim_path(model, SCHEDULE, (9, 1), steps, generator=seeded(), dtype=torch.float64)
    times = [*ddim_times(20, steps), 0]
    for (t, got, _), i, j in zip(path, times[:-1], times[1:], strict=True):
        total = var * ab[i] + 1 - ab[i]
        slope = (var * (ab[i] * ab[j]).sqrt() + ((1 - ab[i]) * (1 - ab[j])).sqrt()) / total
        x = mean * ab[j].sqrt() + slope * (x - mean * ab[i].sqrt())
        assert t == i
        assert_close(got, x, **exact)


def test_many_steps_approach_the_probability_flow():
    """Its solution for N(m, v) keeps each point's place in standard deviations: m + sqrt(v) x_T."""
    errors = []
    schedule = NoiseSchedule.linear(4000, 1e-5, 0.01)  # alpha_bar_T = 2e-9
    for steps in (100, 200, 400):
        model = gaussian(2.0, 4.0).as_model(schedule)
        start = torch.randn(50, 1, generator=seeded(), dtype=torch.float64)
        x = ddim_sample(model, schedule, (50, 1), steps, generator=seeded(), dtype=torch.float64)
        errors.append(float((x - 2 - 2 * start).abs().max()))
    assert errors[2] < 0.05
    assert 1.6 < errors[0] / errors[1] < 2.4  # of first order
    assert 1.6 < errors[1] / errors[2] < 2.4


@pytest.mark.parametrize("predicts", PREDICTS)
def test_the_sampler_takes_any_prediction(predicts):
    belief = gaussian(0.4, 0.09, D=2)
    options = {"steps": 7, "eta": 0.5, "dtype": torch.float64}
    x = ddim_sample(
        belief.as_model(SCHEDULE, predicts),
        SCHEDULE,
        (5, 2),
        generator=seeded(),
        predicts=predicts,
        **options,
    )
    want = ddim_sample(belief.as_model(SCHEDULE), SCHEDULE, (5, 2), generator=seeded(), **options)
    assert_close(x, want, **exact)


def test_path_shows_times_and_clipped_predictions():
    path = list(ddim_path(lambda xt, t: -5 * xt, SCHEDULE, (4, 3), 5, clip=(-0.5, 0.7)))
    assert [t for t, _, _ in path] == [20, 16, 12, 8, 4]
    assert all(x0.min() >= -0.5 and x0.max() <= 0.7 for _, _, x0 in path)
    t = torch.full((4,), 16)
    x, after, x0 = path[0][1], path[1][1], path[1][2]
    assert_close(x0, predict_x0(x, t, -5 * x, SCHEDULE).clamp(-0.5, 0.7))
    eps = predict_eps(x, t, x0, SCHEDULE)
    assert_close(after, ddim_step(x, t, torch.full((4,), 12), eps, x, SCHEDULE))
    assert_close(path[-1][1], path[-1][2])


def test_first_steps_are_precise_in_float32():
    schedule, x = NoiseSchedule.linear(), torch.randn(3, 3, 4)
    t, s = torch.tensor([2, 3, 5]), torch.tensor([1, 2, 1])
    got = ddim_step(x[0], t, s, x[1], x[2], schedule, eta=1.0)
    want = ddim_step(*(a.double() for a in (x[0],)), t, s, *x[1:].double(), schedule, eta=1.0)
    assert got.dtype == torch.float32
    assert_close(got.double(), want, rtol=1e-6, atol=1e-6)


def test_a_long_step_down_from_noise_is_a_number():
    one, none = torch.ones(1, 1), torch.zeros(1, 1)
    t, s = torch.tensor([1000]), torch.tensor([500])
    for dtype, places in EPS.items():
        a = one.to(dtype), t, s, one.to(dtype), none.to(dtype)
        got = ddim_step(*a, NoiseSchedule.cosine(), eta=1.0)
        assert_close(got.double(), torch.tensor([[5.2813e-05]]).double(), rtol=places, atol=0)


EPS = {torch.float16: 5e-3, torch.bfloat16: 1e-2, torch.float32: 1e-5, torch.float64: 1e-5}
ENDS = [(1, 0), (2, 0), (2, 1), (3, 1), (500, 0), (500, 499), (999, 998), (999, 1)]
ENDS += [(1000, 999), (1000, 998), (1000, 500), (1000, 1), (1000, 0)]


@pytest.mark.parametrize("eta", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("schedule", [NoiseSchedule.linear(), NoiseSchedule.cosine()])
@pytest.mark.parametrize("dtype", EPS)
def test_coefficients_are_right_at_both_ends_in_every_dtype(schedule, eta, dtype):
    """What xt = eps_hat = 1 and z = 1 become, by eq. 12 with forty digits."""
    t, s = torch.tensor(ENDS).T
    one, none = torch.ones(len(ENDS), 1, dtype=dtype), torch.zeros(len(ENDS), 1, dtype=dtype)
    by_both = ddim_step(one, t, s, one, none, schedule, eta).flatten().tolist()
    by_z = ddim_step(none, t, s, none, one, schedule, eta).flatten().tolist()
    for i, (ab_t, ab_s) in enumerate(schedule.alpha_bar[torch.tensor(ENDS)].tolist()):
        with localcontext(prec=40):
            a, b = Decimal(ab_t), Decimal(ab_s)
            var = Decimal(eta) ** 2 * (1 - b) / (1 - a) * (1 - a / b)
            x0_hat = (1 - (1 - a).sqrt()) / a.sqrt()
            both = b.sqrt() * x0_hat + (1 - b - var).sqrt()
        assert by_both[i] == pytest.approx(float(both), rel=EPS[dtype])
        assert by_z[i] == pytest.approx(float(var.sqrt()), rel=EPS[dtype])


@pytest.mark.parametrize("steps", [1, 2, 5, 20])
@pytest.mark.parametrize("dtype", EPS)
def test_few_steps_with_all_the_noise_stay_numbers(dtype, steps):
    belief, schedule = gaussian(0.0, 1.0, D=2), NoiseSchedule.cosine()
    model = lambda xt, t: belief.predict_eps(xt.double(), t, schedule).to(xt.dtype)  # noqa: E731
    x = ddim_sample(model, schedule, (500, 2), steps, 1.0, seeded(), dtype=dtype)
    assert x.isfinite().all()


def test_dtype_device_random_state_and_number_of_calls():
    calls = []

    class Net(torch.nn.Linear):
        def forward(self, xt, t):
            calls.append(t)
            return super().forward(xt)

    before = torch.get_rng_state()
    x = ddim_sample(Net(3, 3, device="meta"), SCHEDULE, (2, 3), 4, 0.5)
    assert (x.device.type, x.shape, len(calls)) == ("meta", (2, 3), 4)
    assert {c.shape for c in calls} == {(2,)}
    torch.set_rng_state(before)
    a, b = (ddim_sample(lambda xt, t: xt, SCHEDULE, (2, 3), 4, 1.0, seeded()) for _ in range(2))
    assert (torch.get_rng_state() == before).all()
    assert (a == b).all()


def test_bad_input_is_named():
    x, t = torch.zeros(2, 3), torch.tensor([5, 20])
    with pytest.raises(ValueError, match="s runs from 5 to 6, wanted 0 to 1 below t in each row"):
        ddim_step(x, t, torch.tensor([5, 6]), x, x, SCHEDULE)
    with pytest.raises(ValueError, match="s runs from -1 to 6"):
        ddim_step(x, t, torch.tensor([-1, 6]), x, x, SCHEDULE)
    with pytest.raises(ValueError, match="t runs from 5 to 21, wanted 1 to 20"):
        ddim_step(x, torch.tensor([5, 21]), t * 0, x, x, SCHEDULE)
    with pytest.raises(ValueError, match=r"eta is 1.5, wanted 0 to 1"):
        ddim_sample(lambda xt, t: xt, SCHEDULE, (2, 3), 4, 1.5)
