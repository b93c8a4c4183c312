"""Divergences on a grid, against their formulas."""

import math

import pytest
import torch
from torch.distributions import Normal
from torch.testing import assert_close

from dgm.exact.divergences import fit_normal, jsd_grid, kl_grid

GRID = torch.linspace(-20, 20, 2001, dtype=torch.float64)
DX = 40 / 2000


def scalar(value):
    return torch.tensor(value, dtype=torch.float64)


def density(*parts):
    """A mixture, of equal weights, of Gaussians (mean, sigma), on the grid."""
    return sum(Normal(scalar(m), scalar(s)).log_prob(GRID).exp() for m, s in parts) / len(parts)


def test_divergences_of_gaussians_are_those_of_the_formula():
    p, q = density((0.0, 1.0)), density((1.0, 2.0))
    formula = math.log(2) + (1 + 1) / 8 - 0.5
    assert_close(kl_grid(p, q, DX), scalar(formula), rtol=1e-9, atol=1e-9)
    apart = jsd_grid(density((-9.0, 0.5)), density((9.0, 0.5)), DX)
    assert_close(apart, scalar(math.log(2)), rtol=1e-9, atol=1e-9)
    assert jsd_grid(p, p, DX) == 0
    assert kl_grid(p, (GRID > 0).double(), DX) == math.inf


def test_forward_kl_covers_the_modes_and_reverse_kl_takes_one():
    two = density((-2.0, 0.7), (2.0, 0.7))
    mean, spread = fit_normal(GRID, two, "forward", 0.5, 1.0)
    assert_close((mean, spread), (0.0, math.sqrt(4 + 0.49)), rtol=0, atol=1e-3)  # those of p
    mean, spread = fit_normal(GRID, two, "reverse", 1.5, 1.0)
    assert_close((mean, spread), (2.0, 0.7), rtol=0, atol=0.03)
    assert fit_normal(GRID, two, "reverse", -1.5, 1.0)[0] < -1.9
    with pytest.raises(ValueError, match="kind is 'both'"):
        fit_normal(GRID, two, "both")
