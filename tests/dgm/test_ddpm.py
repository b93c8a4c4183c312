"""Algorithms 1 and 2, on data for which each step and each sample is known."""

import math

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from dgm.ddpm import ddpm_loss, ddpm_path, ddpm_sample, ddpm_step, ddpm_train
from dgm.diffusion import PREDICTS, predict_eps, q_posterior
from dgm.exact.gaussians import GaussianMixture
from dgm.hierarchical import GaussianChain
from dgm.nn.ema import EMA
from dgm.schedule import NoiseSchedule

exact = {"rtol": 1e-10, "atol": 1e-10}
SCHEDULE = NoiseSchedule.linear(20, 0.01, 0.3)
VARIANCES = ["beta", "beta_tilde"]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def gaussian(mean, var):
    """The perfect model of N(mean, var) data, as a mixture of one."""
    one = torch.ones(1, dtype=torch.float64)
    return GaussianMixture(one, mean * one[:, None], var * one)


def network(seed=0):
    torch.manual_seed(seed)
    net = nn.Linear(3, 3)
    return lambda xt, t: net(xt) * t[:, None] / 20, net


# Algorithm 1


@pytest.mark.parametrize("predicts", PREDICTS)
@pytest.mark.parametrize("shape", [(8,), (8, 3), (8, 1, 2, 3)])
def test_loss_is_the_mean_over_rows_and_entries(shape, predicts):
    """Each row by itself, with the draws in the order that the docstring gives."""
    x0 = torch.randn(shape, dtype=torch.float64)
    model = lambda xt, t: torch.tanh(xt) + t.reshape(-1, *[1] * (len(shape) - 1)) / 10  # noqa: E731
    loss = ddpm_loss(model, x0, SCHEDULE, seeded(3), predicts=predicts)
    again = seeded(3)
    t = torch.randint(1, 21, (8,), generator=again)
    eps = torch.randn(shape, generator=again, dtype=torch.float64)
    errors = []
    for i in range(8):
        ab = SCHEDULE.alpha_bar[t[i]]
        xt = ab.sqrt() * x0[i] + (1 - ab).sqrt() * eps[i]
        v = ab.sqrt() * eps[i] - (1 - ab).sqrt() * x0[i]
        target = {"eps": eps[i], "x0": x0[i], "v": v}[predicts]
        errors.append(((target - torch.tanh(xt) - t[i] / 10) ** 2).mean())
    assert loss.shape == ()
    assert_close(loss, torch.stack(errors).mean(), **exact)


def test_loss_weighs_each_row_by_its_step():
    x0, model = torch.randn(50, 3), network()[0]
    seen = []

    def weight(t):
        seen.append(t)
        return (t == 4).double()

    loss = ddpm_loss(model, x0, SCHEDULE, seeded(), weight=weight)
    t = torch.randint(1, 21, (50,), generator=(g := seeded()))
    eps = torch.randn(50, 3, generator=g)
    assert (seen[0] == t).all()
    assert loss.dtype == torch.float32
    ab = SCHEDULE.alpha_bar[4]
    xt = (ab.sqrt() * x0 + (1 - ab).sqrt() * eps).float()
    rows = ((model(xt, torch.full((50,), 4)) - eps) ** 2).mean(1)
    assert (t == 4).sum() > 0
    assert_close(loss, rows[t == 4].sum() / 50)


def test_loss_visits_each_step_equally_often_and_each_row_its_own():
    seen = []

    def model(xt, t):
        seen.append(t)
        return xt

    n, T = 40_000, 20
    ddpm_loss(model, torch.zeros(n, 1), SCHEDULE, seeded())
    counts = torch.bincount(seen[0], minlength=T + 1)
    assert counts[0] == 0
    assert len(counts) == T + 1
    assert ((counts[1:] - n / T).abs() < 5 * math.sqrt(n / T)).all()


def test_loss_of_the_perfect_model_is_what_bayes_leaves():
    """For N(0, 1) data E||eps - E[eps|xt]||^2 is alpha_bar_t, averaged over t."""
    n, model = 200_000, gaussian(0.0, 1.0).as_model(SCHEDULE)
    loss = ddpm_loss(model, torch.randn(n, 1, dtype=torch.float64), SCHEDULE)
    want = SCHEDULE.alpha_bar[1:].mean()
    # its square: alpha_bar_t^2 times that of a chi-squared variable, whose mean is 3
    spread = (3 * (SCHEDULE.alpha_bar[1:] ** 2).mean() - want**2).sqrt()
    assert (loss - want).abs() < 4 * spread / math.sqrt(n)


def test_gradient_reaches_the_network_and_no_other_random_state_is_used():
    model, net = network()
    before = torch.get_rng_state()
    ddpm_loss(model, torch.randn(4, 3, generator=seeded()), SCHEDULE, seeded()).backward()
    assert (torch.get_rng_state() == before).all()
    assert net.weight.grad.abs().min() > 0


def test_loss_refuses_what_it_cannot_compare():
    x0 = torch.randn(4, 3)
    with pytest.raises(ValueError, match=r"model gives shape \(4,\), wanted that of xt, \(4, 3\)"):
        ddpm_loss(lambda xt, t: xt.sum(1), x0, SCHEDULE)
    with pytest.raises(ValueError, match="predicts is 'noise', wanted one of"):
        ddpm_loss(lambda xt, t: xt, x0, SCHEDULE, predicts="noise")
    with pytest.raises(ValueError, match=r"ddpm_loss: x0 is torch.int64"):
        ddpm_loss(lambda xt, t: xt, x0.long(), SCHEDULE)
    with pytest.raises(ValueError, match="x0 has NaN"):
        ddpm_loss(lambda xt, t: xt, x0 * torch.nan, SCHEDULE)


@pytest.mark.parametrize("predicts", PREDICTS)
def test_training_is_gradient_descent_on_the_loss(predicts):
    """Three steps, by hand; the loader gives pairs, and a moving average goes along."""
    batches = [(torch.randn(5, 3), torch.zeros(5)) for _ in range(3)]
    net, twin = Net(), Net()
    twin.load_state_dict(net.state_dict())
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    ema, generator = EMA(net), seeded()
    made = ddpm_train(
        net.eval(), batches, SCHEDULE, optimizer, ema=ema, predicts=predicts, generator=generator
    )
    again, want = seeded(), []
    average = [p.detach().clone() for p in twin.parameters()]
    for n, (x, _) in enumerate(batches):
        loss = ddpm_loss(twin, x, SCHEDULE, again, predicts=predicts)
        grads = torch.autograd.grad(loss, list(twin.parameters()))
        decay = (1 + n) / (10 + n)
        for p, g, a in zip(twin.parameters(), grads, average, strict=True):
            p.data -= 0.1 * g
            a.mul_(decay).add_((1 - decay) * p.data)
        want.append(loss.item())
    losses = list(made)
    assert net.training
    assert all(isinstance(v, float) for v in losses)
    assert_close(torch.tensor(losses), torch.tensor(want))
    for got, p in zip(net.parameters(), twin.parameters(), strict=True):
        assert_close(got, p)
    for got, a in zip(ema.model.parameters(), average, strict=True):
        assert_close(got, a)


class Net(nn.Module):
    def __init__(self, dtype=None):
        super().__init__()
        self.layer = nn.Linear(3, 3, dtype=dtype)

    def forward(self, xt, t):
        return self.layer(xt)


# Algorithm 2


@pytest.mark.parametrize("variance", VARIANCES)
@pytest.mark.parametrize("shape", [(20,), (20, 3), (20, 1, 2, 3)])
def test_step_draws_from_the_posterior_of_the_predicted_data(shape, variance):
    """Row i takes step i + 1, with noise in each; only the first is without it."""
    xt, x0, z = torch.randn(3, *shape, dtype=torch.float64)
    t = torch.arange(1, 21)
    mean, var = q_posterior(x0, xt, t, SCHEDULE)
    if variance == "beta":
        var = SCHEDULE.beta[1:].reshape(var.shape).clone()
        var[0] = 0
    eps_hat = predict_eps(xt, t, x0, SCHEDULE)
    got = ddpm_step(xt, t, eps_hat, z, SCHEDULE, variance=variance)
    assert_close(got, mean + var.sqrt() * z, **exact)
    assert_close(got[0], x0[0], **exact)
    assert SCHEDULE.beta[1] > 0  # the schedule is as before


@pytest.mark.parametrize("variance", VARIANCES)
@pytest.mark.parametrize("make", [NoiseSchedule.linear, NoiseSchedule.cosine])
def test_point_data_gives_the_point(make, variance):
    point = torch.tensor([[0.3, -0.8], [2.0, 1.0]], dtype=torch.float64)
    schedule = make(50)
    model = lambda xt, t: predict_eps(xt, t, point, schedule)  # noqa: E731
    x = ddpm_sample(model, schedule, (2, 2), variance=variance, dtype=torch.float64)
    assert_close(x, point, **exact)


@pytest.mark.parametrize("variance", VARIANCES)
@pytest.mark.parametrize(("mean", "var"), [(0.0, 1.0), (2.0, 4.0)])
def test_moments_of_the_sampler_by_recursion(mean, var, variance):
    """Each step is affine in x_t and z: its mean and variance follow those before exactly."""
    model, n = gaussian(mean, var).as_model(SCHEDULE), 50_000
    m, v = 0.0, 1.0  # of x_T
    chain = GaussianChain.ideal(SCHEDULE, mean, var, variance)
    chain.var[1] = 0  # the sampler's last step
    chain_mean, chain_var = chain.marginals()
    path = ddpm_path(model, SCHEDULE, (n, 1), seeded(5), variance=variance, dtype=torch.float64)
    for i, (t, x, _) in zip(range(20, 0, -1), path, strict=True):
        assert t == i
        probe = torch.tensor([[0.0], [1.0], [0.0]], dtype=torch.float64)
        z = torch.tensor([[0.0], [0.0], [1.0]], dtype=torch.float64)
        steps = torch.full((3,), i)
        out = ddpm_step(probe, steps, model(probe, steps), z, SCHEDULE, variance=variance)[:, 0]
        m, v = out[0] + (out[1] - out[0]) * m, (out[1] - out[0]) ** 2 * v + (out[2] - out[0]) ** 2
        assert_close((m, v), (chain_mean[i - 1], chain_var[i - 1]), **exact)
        assert (x.mean() - m).abs() < 5 * (v / n).sqrt()
        assert (x.var() - v).abs() < 5 * v * math.sqrt(2 / n)


@pytest.mark.parametrize("make", [NoiseSchedule.linear, NoiseSchedule.cosine])
def test_standard_normal_data_stay_standard_normal(make):
    """With variance beta each reverse step keeps variance 1, until the last, which adds none."""
    schedule = make(50)
    chain = GaussianChain.ideal(schedule, 0.0, 1.0, "beta")
    mean, var = chain.marginals()
    assert_close(var, torch.ones_like(var), **exact)
    assert (mean == 0).all()
    model = gaussian(0.0, 1.0).as_model(schedule)
    x = ddpm_sample(model, schedule, (20_000, 1), variance="beta", dtype=torch.float64)
    want = float(schedule.alpha[1])
    assert abs(x.var() - want) < 4 * want * math.sqrt(2 / 20_000)


def test_both_variances_meet_as_the_steps_grow():
    """The sampler's variance for N(2, 4) data: beta's too high, beta_tilde's too low, less so."""
    gap = []
    for T in (50, 500):
        ends = []
        for variance in VARIANCES:
            chain = GaussianChain.ideal(NoiseSchedule.cosine(T), 2.0, 4.0, variance)
            chain.var[1] = 0
            ends.append(float(chain.marginals()[1][0]))
        gap.append([abs(e - 4) for e in ends])
    assert gap[1][0] < gap[0][0]
    assert gap[1][1] < gap[0][1]


@pytest.mark.parametrize("clip", [None, (-1.0, 1.0)])
@pytest.mark.parametrize("variance", VARIANCES)
def test_path_is_the_sampler_step_by_step(variance, clip):
    model, options = network()[0], {"variance": variance, "clip": clip}
    path = list(ddpm_path(model, SCHEDULE, (4, 3), seeded(), **options))
    assert [t for t, _, _ in path] == list(range(20, 0, -1))
    sample = ddpm_sample(model, SCHEDULE, (4, 3), seeded(), **options)
    assert_close(path[-1][1], sample, rtol=0, atol=0)
    assert_close(path[-1][2], sample)  # the last step gives what it predicts
    assert not sample.requires_grad


def test_clip_bounds_the_predicted_data_and_uses_the_posterior_mean():
    model = lambda xt, t: -5 * xt  # noqa: E731
    x = torch.randn(4, 3, generator=(g := seeded()), dtype=torch.float64)
    path = ddpm_path(model, SCHEDULE, (4, 3), seeded(), clip=(-0.5, 0.7), dtype=torch.float64)
    for i, after, x0_hat in path:
        t = torch.full((4,), i)
        z = torch.randn(4, 3, generator=g, dtype=torch.float64)
        ab = SCHEDULE.alpha_bar[i]
        want = ((x + (1 - ab).sqrt() * 5 * x) / ab.sqrt()).clamp(-0.5, 0.7)
        assert_close(x0_hat, want, **exact)
        mean, var = q_posterior(want, x, t, SCHEDULE)
        assert_close(after, mean + var.sqrt() * z, **exact)
        x = after
    assert x.min() >= -0.5 - 1e-12
    assert x.max() <= 0.7 + 1e-12


@pytest.mark.parametrize("predicts", PREDICTS)
def test_the_sampler_takes_any_prediction(predicts):
    """One belief about the data, said in three ways, gives one sample."""
    belief = gaussian(0.4, 0.09)
    model = belief.as_model(SCHEDULE, predicts)
    x = ddpm_sample(model, SCHEDULE, (5, 1), seeded(), predicts=predicts, dtype=torch.float64)
    want = ddpm_sample(belief.as_model(SCHEDULE), SCHEDULE, (5, 1), seeded(), dtype=torch.float64)
    assert_close(x, want, **exact)


def test_samples_of_the_eight_gaussians_are_of_high_quality():
    schedule = NoiseSchedule.cosine(100)
    model, n = GaussianMixture.eight(), 2000
    x = ddpm_sample(model.as_model(schedule), schedule, (n, 2), seeded())
    distance, k = torch.cdist(x, model.means).min(1)
    assert (distance < 0.3).float().mean() > 0.97  # of the data 98.9 % are
    counts = torch.bincount(k, minlength=8)
    assert ((counts - n / 8).abs() < 5 * math.sqrt(n / 8)).all()


def test_dtype_and_device_are_the_models():
    net = Net(torch.float64)
    assert ddpm_sample(net, SCHEDULE, (2, 3)).dtype == torch.float64
    assert ddpm_sample(Net(), SCHEDULE, (2, 3)).dtype == torch.float32
    assert ddpm_sample(lambda xt, t: xt, SCHEDULE, (2, 3)).dtype == torch.float32
    with torch.device("meta"):
        net = Net()
    for schedule in (SCHEDULE, SCHEDULE.to("meta")):
        x = ddpm_sample(net, schedule, (2, 3))
        assert (x.device.type, x.shape) == ("meta", (2, 3))
        assert ddpm_loss(net, x, schedule, weight=lambda t: 1 / t).device.type == "meta"


def test_mixed_precision_stays_in_the_network():
    with torch.autocast("cpu", torch.bfloat16):
        assert Net()(torch.zeros(2, 3), None).dtype == torch.bfloat16
        assert ddpm_loss(Net(), torch.zeros(2, 3), SCHEDULE).dtype == torch.float32
        assert ddpm_sample(Net(), SCHEDULE, (2, 3), clip=(-1, 1)).dtype == torch.float32


def test_a_network_without_weights_counts_as_a_function():
    class Counter(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("calls", torch.tensor(0))

        def forward(self, xt, t):
            self.calls += 1
            return xt

    model = Counter()
    assert ddpm_sample(model, SCHEDULE, (2, 3)).dtype == torch.float32
    assert model.calls == 20


def test_samples_repeat_and_leave_the_global_random_state():
    before = torch.get_rng_state()
    a, b, c = (ddpm_sample(lambda xt, t: xt, SCHEDULE, (2, 3), seeded(s)) for s in (0, 0, 1))
    assert (torch.get_rng_state() == before).all()
    assert (a == b).all()
    assert (a != c).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shape": (0, 3)}, r"shape is \(0, 3\), wanted \(B, \*D\) of numbers of 1 or more"),
        ({"shape": ()}, r"shape is \(\), wanted"),
        ({"predicts": "noise"}, "predicts is 'noise', wanted one of"),
        ({"variance": "fixed"}, "variance is 'fixed', wanted one of"),
        ({"model": lambda xt, t: xt[:1]}, r"model gives shape \(1, 3\), wanted that of xt"),
    ],
)
def test_sampler_names_bad_input(change, message):
    given = {"model": lambda xt, t: xt, "schedule": SCHEDULE, "shape": (2, 3)} | change
    with pytest.raises(ValueError, match=message):
        ddpm_sample(**given)


def test_step_names_bad_input():
    x, t = torch.zeros(2, 3), torch.tensor([1, 20])
    with pytest.raises(ValueError, match="t runs from 0 to 19, wanted 1 to 20"):
        ddpm_step(x, t - 1, x, x, SCHEDULE)
    with pytest.raises(ValueError, match=r"z has shape \(2, 2\)"):
        ddpm_step(x, t, x, x[:, :2], SCHEDULE)
