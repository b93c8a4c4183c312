"""The families in the plane: units, densities and bounds against what is known, and that they learn."""

import math

import pytest
import torch
from torch.distributions import Independent, Normal
from torch.testing import assert_close

from dgm.data.toys import EIGHT_SIGMA
from dgm.ddpm import ddim_sample
from dgm.exact.gaussians import GaussianMixture
from dgm.schedule import NoiseSchedule
from dgm.zoo.plane import FAMILIES, compare, energy_distance, fit, measure
from dgm.zoo.plane_models import ddpm_bound, faster, fit_gan, fit_vae, known, log_density

TRUTH = GaussianMixture.eight()
LIKELIHOOD = {"vae": "lower bound", "gan": "none", "flow": "exact", "ddpm": "lower bound"}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


X = TRUTH.sample(4000, seeded(9))


# What is measured


def test_the_truth_scores_what_theory_says():
    n = 4000
    row = measure(known(TRUTH), TRUTH, n)
    inside = 1 - math.exp(-9 / 2)  # of a Gaussian in the plane, within three sigma
    entropy = math.log(8) + math.log(2 * math.pi * math.e * EIGHT_SIGMA**2)
    assert row["modes"] == 8
    assert abs(row["good"] - inside) < 4 * (inside * (1 - inside) / n) ** 0.5
    assert abs(row["entropy"] - entropy) < 4 / n**0.5  # in the plane log p has variance 1
    assert row["nats"] == pytest.approx(row["entropy"], abs=1e-6)
    assert abs(row["energy"]) < 0.01
    assert min(row["precision"], row["recall"]) > 0.9


def test_measures_of_a_model_that_knows_one_mode():
    one = GaussianMixture(torch.ones(1), TRUTH.means[:1], TRUTH.variances[:1])
    row = measure(known(one), TRUTH, 1000)
    assert row["modes"] == 1
    assert row["good"] > 0.95
    assert row["precision"] > 0.9
    assert row["recall"] < 0.2
    assert row["nats"] > row["entropy"] + 10
    assert row["energy"] > 1


def test_energy_distance_of_two_normals():
    """2 E|X - Y| - 2 E|X - X'|, where X - Y is N(m, 2), whose absolute mean is known."""
    m, n = 1.5, 4000
    x, y = torch.randn(n, 1, generator=seeded(1)), m + torch.randn(n, 1, generator=seeded(2))
    folded = 2 / math.pi**0.5 * math.exp(-(m**2) / 4) + m * math.erf(m / 2)
    assert abs(energy_distance(x, y) - (2 * folded - 4 / math.pi**0.5)) < 0.1


def test_energy_distance_is_the_sums_by_hand():
    x, y = torch.randn(5, 3, generator=seeded(1)), torch.randn(7, 3, generator=seeded(2))

    def mean(a, b, same):
        rows = range(len(a)), range(len(b))
        gaps = [math.dist(a[i], b[j]) for i in rows[0] for j in rows[1] if not (same and i == j)]
        return sum(gaps) / len(gaps)

    wanted = 2 * mean(x, y, False) - mean(x, x, True) - mean(y, y, True)
    assert energy_distance(x, y) == pytest.approx(wanted, abs=1e-5)


def test_energy_distance_is_unbiased():
    g = seeded()
    values = torch.tensor(
        [energy_distance(*torch.randn(2, 10, 2, generator=g)) for _ in range(400)]
    )
    assert abs(values.mean()) < 4 * values.std() / 20
    assert (values < 0).any()


# Densities and bounds


def test_the_bound_is_tight_where_the_way_back_is_known():
    """For N(0, I) every step back is a Gaussian of variance beta: the bound is log p itself."""
    schedule = NoiseSchedule.cosine(10)
    noise = GaussianMixture(torch.ones(1), torch.zeros(1, 2), torch.ones(1))
    for x in ([0.0, 0.0], [1.0, -2.0]):
        points = torch.tensor([x]).repeat(20_000, 1)
        each = ddpm_bound(
            noise.as_model(schedule, "v"), points, schedule, seeded(), predicts="v", variance="beta"
        )
        wanted = log_density(noise, points[:1])
        assert abs(each.mean() - wanted) < 4 * each.std() / len(points) ** 0.5
        assert each.std() < 3


def test_the_bound_of_the_best_network_is_a_little_below_the_truth():
    schedule, x = NoiseSchedule.cosine(200), X[:1000]
    model = TRUTH.as_model(schedule, "v")
    gap = log_density(TRUTH, x) - ddpm_bound(model, x, schedule, seeded(), predicts="v")
    assert 0.1 < gap.mean() < 0.6


@pytest.mark.parametrize("name", ["flow", "mixture"])
def test_a_density_adds_up_to_one_in_the_units_of_the_data(name):
    side, n = 6.0, 241
    line = torch.linspace(-side, side, n)
    mass = fit(name, X, steps=30).log_prob(torch.cartesian_prod(line, line)).exp()
    assert abs(mass.sum() * (2 * side / (n - 1)) ** 2 - 1) < 0.01


@pytest.mark.parametrize("name", FAMILIES)
def test_units_of_the_data_only_move_the_log_density(name):
    """Eight times as large data: the same model, whose samples and densities are in other units."""
    small, large = (fit(name, x, seed=3, steps=5) for x in (X, 8 * X))
    assert_close(8 * small.sample(50, seeded()), large.sample(50, seeded()))
    a, b = small.log_prob(X[:50], seeded()), large.log_prob(8 * X[:50], seeded())
    assert small.likelihood == LIKELIHOOD.get(name, "exact")
    if name == "gan":
        assert a is None
        assert b is None
    else:
        assert a.shape == (50,)
        assert_close(a, b + 2 * math.log(8), rtol=1e-4, atol=1e-4)


def test_a_vae_that_says_nothing_is_one_normal():
    """All weights 0: p(x|z) is N(0, sigma^2), whatever z, in units of the spread of the data."""
    vae = fit("vae", X, steps=1)
    model = vae.parts["model"]
    for p in model.parameters():
        p.data.zero_()
    normal = Independent(Normal(vae.mean, vae.scale * model.sigma), 1)
    points = normal.sample((50,))
    assert_close(vae.log_prob(points), normal.log_prob(points), rtol=1e-4, atol=1e-4)
    spread = vae.sample(2000, seeded()).std(0) / (vae.scale * model.sigma)
    assert (abs(spread - 1) < 4 / (2 * 2000) ** 0.5).all()


def test_nats_are_none_for_a_gan():
    assert measure(fit("gan", X, steps=2), TRUTH, 100)["nats"] is None


# Training


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != "mixture"])
def test_a_quarter_of_the_training_goes_a_good_part_of_the_way(name):
    steps = FAMILIES[name][1] // 4
    before, after = (measure(fit(name, X, steps=n), TRUTH, 1000) for n in (1, steps))
    assert after["energy"] < before["energy"] / 2
    assert after["nats"] is None or after["entropy"] < after["nats"] < before["nats"] - 0.5
    assert len(fit(name, X, steps=3).losses) == 3


def test_a_mixture_of_the_right_shape_finds_the_truth():
    fitted = fit("mixture", X)
    row = measure(fitted, TRUTH)
    assert row["modes"] == 8
    assert 0 < row["nats"] - row["entropy"] < 0.02
    assert fitted.parameters == 8 * (1 + 2 + 1)


def test_equal_training_time():
    seconds = []
    for name in LIKELIHOOD:
        fit(name, X, steps=2)  # the first calls are slow
        seconds.append(fit(name, X, steps=FAMILIES[name][1] // 10).seconds)
    assert max(seconds) < 3 * min(seconds)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_seed_gives_one_model_and_leaves_no_trace(name):
    before = torch.get_rng_state()
    a = fit(name, X, 1, steps=3).sample(20, seeded())
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(1)
    b, c = (fit(name, X, seed, steps=3).sample(20, seeded()) for seed in (1, 2))
    assert torch.equal(a, b)
    assert name == "mixture" or not torch.equal(a, c)


def test_faster_is_ddim_in_the_units_of_the_data():
    ddpm = fit("ddpm", X, steps=5)
    quick = faster(ddpm, 7)
    model, schedule = ddpm.parts["model"], ddpm.parts["schedule"]
    wanted = ddim_sample(model, schedule, (30, 2), 7, 0.0, seeded(), predicts="v")
    assert_close(quick.sample(30, seeded()), ddpm.mean + ddpm.scale * wanted)
    assert (ddpm.calls, quick.calls) == (schedule.T, 7)
    assert quick.log_prob(X) is None


def test_compare_trains_each_family_with_each_seed(monkeypatch):
    monkeypatch.setitem(FAMILIES, "gan", (fit_gan, 3))
    monkeypatch.setitem(FAMILIES, "vae", (fit_vae, 2))
    rows = list(compare(TRUTH, seeds=[0, 5], families=("gan", "vae"), n=100, rows=500))
    assert [(r["family"], r["seed"]) for r in rows] == [
        ("gan", 0),
        ("vae", 0),
        ("gan", 5),
        ("vae", 5),
    ]
    fitted = fit("vae", TRUTH.sample(500, seeded(1005)), seed=5, steps=2)
    for key, value in measure(fitted, TRUTH, 100).items():
        assert key == "microseconds" or rows[3][key] == value
    assert rows[3]["parameters"] == sum(p.numel() for p in fitted.parts["model"].parameters())
    assert rows[3]["likelihood"] == "lower bound"
    assert rows[0]["entropy"] == rows[3]["entropy"]  # the same points for all


def test_bad_input():
    with pytest.raises(ValueError, match="name is 'pixelcnn', wanted one of vae, gan, flow"):
        fit("pixelcnn", X)
    with pytest.raises(ValueError, match="steps is 0"):
        fit("gan", X, steps=0)
    with pytest.raises(ValueError, match=r"shape \(4, 3\), wanted \(B, 2\)"):
        fit("gan", torch.zeros(4, 3))
    with pytest.raises(ValueError, match=r"spread 0.0, wanted two points"):
        fit("gan", torch.ones(4, 2))
