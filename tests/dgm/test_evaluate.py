"""The measures of samples: closed forms, another library, sets whose balls can be counted."""

import math

import numpy as np
import pytest
import scipy.linalg
import torch
from torch.testing import assert_close

from dgm.evaluate import bootstrap_interval, classes_covered, frechet_distance, precision_recall


def column(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)[:, None]


def test_precision_and_recall_counted_by_hand():
    real = column(0, 1, 2, 10, 12)  # with k = 1 the balls reach 1, 1, 1, 2, 2
    fake = column(0.5, 3, 3.5, 7.9, 14)  # and these 2.5, 0.5, 0.5, 4.4, 6.1
    assert precision_recall(real, fake, k=1) == (3 / 5, 5 / 5)  # 0.5, 3 and 14 lie in one
    assert precision_recall(fake, real, k=1) == (5 / 5, 3 / 5)
    fake = column(0.5, 1.5, 2.5, 3.5)  # radius 1 all; with k = 2 it is 2, 1, 1, 2
    assert precision_recall(real, fake, k=1) == (3 / 4, 3 / 5)
    assert precision_recall(real, fake, k=2) == (4 / 4, 3 / 5)


def test_a_larger_k_makes_larger_balls():
    real, fake = column(0, 1, 3), column(4.5, 4.6, 4.7)
    assert precision_recall(real, fake, k=1)[0] == 1  # that of 3 reaches 5
    assert precision_recall(column(0, 1, 2), fake, k=1)[0] == 0
    assert precision_recall(column(0, 1, 2.6), fake, k=2)[0] == 1


def test_the_same_set_and_sets_far_apart():
    x = torch.randn(50, 8)
    assert precision_recall(x, x) == (1, 1)
    assert precision_recall(x, x + 100) == (0, 0)


def test_samples_of_half_of_the_data_are_good_but_not_all():
    g = torch.Generator().manual_seed(0)
    one, two, again = (torch.randn(400, 2, generator=g) for _ in range(3))
    precision, recall = precision_recall(torch.cat([one, two + 50]), again)
    assert precision > 0.9
    assert 0.4 < recall <= 0.5  # nothing of the other half


def test_many_rows_give_what_all_distances_at_once_give():
    g = torch.Generator().manual_seed(1)
    real, fake = torch.randn(1100, 3, generator=g), torch.randn(2100, 3, generator=g) * 1.5
    precision, recall = precision_recall(real, fake)
    apart = (fake[:, None] - real).norm(dim=2)  # (F, B)
    for found, own, distance in ((precision, real, apart), (recall, fake, apart.T)):
        radius = (own[:, None] - own).norm(dim=2).sort(1).values[:, 3]
        assert 0.1 < found < 0.9999
        assert found == pytest.approx((distance <= radius).any(1).double().mean().item())


@pytest.mark.parametrize("k", [0, 5])
def test_k_that_does_not_fit(k):
    with pytest.raises(ValueError, match=rf"k is {k}, wanted .* f_real has 9, f_fake 5"):
        precision_recall(torch.randn(9, 2), torch.randn(5, 2), k)


def test_features_of_another_width():
    with pytest.raises(ValueError, match="f_fake"):
        precision_recall(torch.randn(9, 2), torch.randn(9, 3))


def gaussian(mean, covariance, n, g):
    """n draws, shifted and scaled so that their mean and covariance are exactly these."""
    x = torch.randn(n, len(mean), generator=g, dtype=torch.float64)
    x = x - x.mean(0)
    x = x @ torch.linalg.inv(torch.linalg.cholesky(torch.atleast_2d(torch.cov(x.T)))).T
    return mean + x @ torch.linalg.cholesky(covariance).T


def covariance(d, g):
    a = torch.randn(d, 2 * d, generator=g, dtype=torch.float64)
    return a @ a.T / d


def test_frechet_distance_of_gaussians_in_one_dimension():
    g = torch.Generator().manual_seed(2)
    a = gaussian(torch.tensor([1.0]).double(), torch.tensor([[4.0]]).double(), 30, g)
    b = gaussian(torch.tensor([-2.0]).double(), torch.tensor([[0.25]]).double(), 50, g)
    assert frechet_distance(a, b) == pytest.approx(3**2 + (2 - 0.5) ** 2, rel=1e-12)


def test_frechet_distance_of_turned_gaussians_in_the_plane():
    # tr (C_1^(1/2) C_2 C_1^(1/2))^(1/2) of two by two: the root of tr(C_1 C_2) + 2 sqrt(det C_1 C_2)
    g = torch.Generator().manual_seed(3)
    c1, c2 = covariance(2, g), covariance(2, g)
    shift = torch.tensor([1.0, -0.5]).double()
    cross = ((c1 @ c2).trace() + 2 * (c1.det() * c2.det()).sqrt()).sqrt()
    wanted = shift.square().sum() + c1.trace() + c2.trace() - 2 * cross
    a, b = gaussian(0 * shift, c1, 40, g), gaussian(shift, c2, 60, g)
    assert frechet_distance(a, b) == pytest.approx(wanted.item(), rel=1e-10)
    assert frechet_distance(b, a) == pytest.approx(wanted.item(), rel=1e-10)


@pytest.mark.parametrize(("n", "m", "d"), [(40, 60, 5), (500, 300, 32), (2, 3, 1), (9, 30, 8)])
def test_frechet_distance_as_scipys_matrix_root_has_it(n, m, d):
    g = torch.Generator().manual_seed(4)
    a, b = (
        torch.randn(k, d, generator=g, dtype=torch.float64) @ covariance(d, g) + shift
        for k, shift in ((n, 0.0), (m, 0.3))
    )
    x, y = a.numpy(), b.numpy()
    c1, c2 = (np.cov(z, rowvar=False).reshape(d, d) for z in (x, y))
    root = scipy.linalg.sqrtm(c1 @ c2).real
    wanted = ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(c1 + c2 - 2 * root)
    assert frechet_distance(a, b) == pytest.approx(wanted, rel=1e-7)
    assert frechet_distance(a.float(), b.float()) == pytest.approx(wanted, rel=1e-4)


def test_frechet_distance_of_fewer_rows_than_columns():
    x = torch.randn(5, 20, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    assert frechet_distance(x, x) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(x, x + 1) == pytest.approx(20, rel=1e-6)
    with pytest.raises(ValueError, match="f_real has 1 rows and f_fake 5"):
        frechet_distance(x[:1], x)


def test_classes_covered_counted_by_hand():
    p = torch.eye(5)[[0] * 6 + [1] * 3 + [3]] * 0.6 + 0.08
    wanted = math.exp(-0.6 * math.log(0.6) - 0.3 * math.log(0.3) - 0.1 * math.log(0.1))
    for min_share, classes in ((0.01, 3), (0.1, 3), (0.2, 2), (0.3, 2), (0.31, 1), (0.7, 0)):
        assert classes_covered(p, min_share) == (classes, pytest.approx(wanted))


def test_as_many_effective_classes_as_there_are_if_all_are_as_frequent():
    for k in (1, 2, 7):
        assert classes_covered(torch.eye(9)[torch.arange(42) % k]) == (k, pytest.approx(k))
    p = torch.tensor([[0.5, 0.3, 0.2]]).expand(8, -1)  # unsure, and always of the first
    assert classes_covered(p) == (1, pytest.approx(1))
    with pytest.raises(ValueError, match="min_share is 0"):
        classes_covered(p, 0)


def binomial_quantiles(n, share, tail):
    """The quantiles of the mean of n draws of 0 and 1: what a bootstrap of such values finds."""
    chance = [math.comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(n + 1)]
    total = np.cumsum(chance)
    return [np.searchsorted(total, q) / n for q in (tail, 1 - tail)]


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_bootstrap_of_shares_is_binomial(level):
    values = (torch.arange(40) < 13).double()
    g = torch.Generator().manual_seed(6)
    got = bootstrap_interval(values, level, draws=8000, generator=g)
    assert_close(got, tuple(binomial_quantiles(40, 13 / 40, (1 - level) / 2)), rtol=0, atol=1e-9)


def test_bootstrap_of_other_statistics_and_of_few_values():
    values = torch.tensor([3.0, 1.0, 7.0])
    g = torch.Generator().manual_seed(7)
    assert bootstrap_interval(values, generator=g) == (1, 7)  # 1 draw in 27 is of one value alone
    assert bootstrap_interval(values, generator=g, statistic=torch.median) == (1, 7)
    low, high = bootstrap_interval(values, 0.5, generator=g, statistic=torch.max)
    assert (low, high) == (3, 7)  # 8 draws of 27 have no 7, and one of them no 3
    assert bootstrap_interval(values, statistic=lambda v: len(v)) == (3, 3)
    assert bootstrap_interval(torch.tensor([2.5]), draws=1) == (2.5, 2.5)


def test_bootstrap_covers_the_truth_as_often_as_it_says():
    g = torch.Generator().manual_seed(8)
    runs, hits = 200, 0
    for _ in range(runs):
        low, high = bootstrap_interval(torch.rand(40, generator=g), 0.8, 200, g)
        hits += low < 0.5 < high
    error = math.sqrt(0.8 * 0.2 / runs)
    assert abs(hits / runs - 0.8) < 0.02 + 4 * error  # a little too narrow at n = 40


def test_bootstrap_draws_from_its_generator_alone():
    values, state = torch.randn(30), torch.get_rng_state()
    one, two, other = (
        bootstrap_interval(values, generator=torch.Generator().manual_seed(s)) for s in (1, 1, 2)
    )
    assert one == two != other
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(("level", "draws"), [(0, 10), (1, 10), (95, 10), (0.9, 0)])
def test_bootstrap_of_a_level_or_a_number_that_does_not_fit(level, draws):
    with pytest.raises(ValueError, match=f"level is {level}, .* draws {draws}"):
        bootstrap_interval(torch.rand(9), level, draws)
