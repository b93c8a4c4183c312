"""The game of two numbers: its field, its eigenvalues, and where its paths go."""

import math
from functools import partial
from itertools import islice

import pytest
import torch
from torch.testing import assert_close

from dgm.exact.dirac import dirac_field, dirac_path, eigenvalues
from dgm.gan import discriminator_loss, generator_loss

ORIGIN = torch.zeros(2, dtype=torch.float64)
START = torch.tensor([0.3, -0.2], dtype=torch.float64)


def point(theta, psi):
    return torch.tensor([theta, psi], dtype=torch.float64)


def last(field, lr, method, steps):
    return next(islice(dirac_path(field, START, lr, method), steps - 1, None))


@pytest.mark.parametrize("kind", ["minimax", "non_saturating"])
@pytest.mark.parametrize("at", [(0.3, -0.2), (1.5, 2.0), (-3.0, 0.7)])
def test_the_field_is_minus_the_gradient_of_each_players_loss(kind, at):
    theta, psi = (torch.tensor([v], dtype=torch.float64, requires_grad=True) for v in at)
    (d_theta,) = torch.autograd.grad(generator_loss(psi * theta, kind), theta)
    (d_psi,) = torch.autograd.grad(discriminator_loss(psi * 0, psi * theta), psi)
    assert_close(dirac_field(point(*at), kind), -torch.cat([d_theta, d_psi]))


def test_noise_and_penalty_in_the_field_are_those_of_the_losses():
    g = torch.Generator().manual_seed(0)
    n, theta, psi = 400_000, 0.7, torch.tensor(1.1, dtype=torch.float64, requires_grad=True)
    real = 0.8 * torch.randn(n, generator=g, dtype=torch.float64)
    fake = theta + 0.8 * torch.randn(n, generator=g, dtype=torch.float64)
    loss = discriminator_loss(psi * real, psi * fake) + 0.3 / 2 * psi**2
    (slope,) = torch.autograd.grad(loss, psi)
    found = dirac_field(point(theta, 1.1), r1=0.3, noise=0.8)[1]
    assert_close(found, -slope, rtol=0, atol=4 * 1.5 / math.sqrt(n))


def test_a_grid_of_points_at_once():
    grid = torch.randn(3, 4, 2, dtype=torch.float64)
    found = dirac_field(grid, noise=0.5)
    assert found.shape == grid.shape
    assert_close(found[1, 2], dirac_field(grid[1, 2], noise=0.5))
    with pytest.raises(ValueError, match="kind is 'x'"):
        dirac_field(grid, "x")
    with pytest.raises(ValueError, match=r"wanted \(..., 2\)"):
        dirac_field(grid[..., :1])


@pytest.mark.parametrize(
    ("options", "frequency", "damping"),
    [
        ({}, 0.5, 0.0),
        ({"kind": "non_saturating"}, 0.5, 0.0),
        ({"kind": "wasserstein"}, 1.0, 0.0),
        ({"r1": 0.4}, 0.5, 0.4),
        ({"noise": 0.8}, 0.5, 0.32),
        ({"r1": 0.4, "noise": 0.8, "kind": "non_saturating"}, 0.5, 0.72),
        ({"r1": 2.0}, 0.5, 2.0),
    ],
)
def test_eigenvalues_at_rest_in_closed_form(options, frequency, damping):
    """lambda^2 + damping lambda + frequency^2 = 0."""
    found = eigenvalues(partial(dirac_field, **options), ORIGIN)
    assert_close(found.sum().real.item(), -damping, rtol=0, atol=1e-9)
    assert_close(found.prod().real.item(), frequency**2, rtol=0, atol=1e-9)
    if damping < 2 * frequency:
        assert_close(found.imag.abs().max().item(), math.sqrt(frequency**2 - damping**2 / 4))


@pytest.mark.parametrize(
    ("options", "frequency", "damping"),
    [
        ({}, 0.5, 0.0),
        ({"r1": 0.3}, 0.5, 0.3),
        ({"noise": 1.0}, 0.5, 0.5),
        ({"kind": "wasserstein"}, 1.0, 0.0),
    ],
)
def test_near_rest_simultaneous_steps_are_powers_of_one_matrix(options, frequency, damping):
    field, lr, n, start = partial(dirac_field, **options), 0.1, 150, 1e-6 * START
    jacobian = torch.tensor([[0, frequency], [-frequency, -damping]], dtype=torch.float64)
    wanted = torch.linalg.matrix_power(torch.eye(2) + lr * jacobian, n) @ start
    found = next(islice(dirac_path(field, start, lr), n - 1, None))
    assert_close(found, wanted, rtol=1e-5, atol=0)
    growth = (1 + lr * eigenvalues(field, ORIGIN)).abs().max()
    assert (found.norm() > start.norm()) == (growth > 1) == (damping == 0)


def test_without_damping_simultaneous_steps_spiral_out_and_alternating_ones_stay():
    size = START.norm()
    assert last(dirac_field, 0.2, "simultaneous", 600).norm() > 2 * size
    path = torch.stack(list(islice(dirac_path(dirac_field, START, 0.2, "alternating"), 2000)))
    assert path[-500:].norm(dim=1).max() < 1.3 * size
    assert path[-500:].norm(dim=1).min() > 0.7 * size
    assert path[-500:].mean(0).norm() < 0.1 * size  # the average of a cycle is near its middle


@pytest.mark.parametrize(
    ("options", "method"),
    [
        ({"r1": 0.3}, "simultaneous"),
        ({"noise": 1.0}, "simultaneous"),
        ({"r1": 0.3}, "alternating"),
        ({}, "extragradient"),
        ({"kind": "wasserstein"}, "extragradient"),
    ],
)
def test_what_damps_the_game(options, method):
    assert last(partial(dirac_field, **options), 0.2, method, 2000).norm() < 1e-3


def test_extragradient_shrinks_by_its_own_factor():
    """On the linear game with eigenvalue i w: 1 + h i w - h^2 w^2."""
    path = dirac_path(partial(dirac_field, kind="wasserstein"), START, 0.1, "extragradient")
    radius = [p.norm() for p in islice(path, 10)]
    assert_close(radius[9] / radius[8], torch.tensor(abs(1 + 0.1j - 0.01)).double())
    with pytest.raises(ValueError, match="method is 'x'"):
        next(dirac_path(dirac_field, START, 0.1, "x"))
