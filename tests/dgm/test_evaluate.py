"""Precision and recall by nearest neighbours, on sets whose balls can be counted."""

import pytest
import torch

from dgm.evaluate import precision_recall


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


def test_nothing_depends_on_how_many_rows_are_held_together(monkeypatch):
    real, fake = torch.randn(40, 3), torch.randn(30, 3) * 1.5
    whole = precision_recall(real, fake)
    assert 0 < whole[0] < 1
    monkeypatch.setattr("dgm.evaluate.ROWS", 7)
    assert precision_recall(real, fake) == whole


@pytest.mark.parametrize("k", [0, 5])
def test_k_that_does_not_fit(k):
    with pytest.raises(ValueError, match=rf"k is {k}, wanted .* f_real has 9, f_fake 5"):
        precision_recall(torch.randn(9, 2), torch.randn(5, 2), k)


def test_features_of_another_width():
    with pytest.raises(ValueError, match="f_fake"):
        precision_recall(torch.randn(9, 2), torch.randn(9, 3))
