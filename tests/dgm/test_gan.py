"""The game against what is known of it: optimal values, gradients, and a loop written by hand."""

import math
from functools import partial

import pytest
import torch
from torch import nn
from torch.distributions import Normal
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.testing import assert_close

from dgm.data.toys import eight_centers, eight_gaussians
from dgm.evaluate import bits_per_dim, frechet_distance, modes_covered
from dgm.exact.divergences import jsd_grid, kl_grid
from dgm.gan import (
    discriminator_loss,
    discriminator_step,
    game_value,
    gan_train,
    generator_loss,
    generator_step,
    optimal_discriminator,
)
from dgm.nn.networks import conv_gan, mlp
from dgm.tips import FadingNoise, UniformCodes

exact = {"rtol": 1e-12, "atol": 1e-12}
GRID = torch.linspace(-20, 20, 2001, dtype=torch.float64)
DX = 40 / 2000


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=seeded(seed), dtype=torch.float64)


def scalar(value):
    return torch.tensor(value, dtype=torch.float64)


def density(*parts):
    """A mixture, of equal weights, of Gaussians (mean, sigma), on the grid."""
    return sum(Normal(scalar(m), scalar(s)).log_prob(GRID).exp() for m, s in parts) / len(parts)


P, Q = density((-2.0, 0.7), (2.0, 0.7)), density((1.0, 1.5))


def pair(latent_dim=2, dim=3, norm=False):
    """A generator and a discriminator, and an optimizer for each."""
    torch.manual_seed(0)
    net_g = nn.Sequential(
        mlp([latent_dim, 8]), nn.BatchNorm1d(8) if norm else nn.ReLU(), mlp([8, dim])
    )
    net_d = nn.Sequential(mlp([dim, 8, 1]), nn.Flatten(0))
    nets = net_g.double(), net_d.double()
    return *nets, *(torch.optim.Adam(net.parameters(), 0.01, (0.5, 0.999)) for net in nets)


def weights(net):
    return [p.detach().clone() for p in net.parameters()]


# The value of the game


def test_no_discriminator_does_better_than_p_over_p_plus_q():
    best = optimal_discriminator(P, Q)
    value = game_value(best, P, Q, DX)
    for seed in range(5):
        other = (torch.logit(best, eps=1e-12) + 0.1 * draw(len(GRID), seed=seed)).sigmoid()
        assert game_value(other, P, Q, DX) < value
    by_hand = sum(math.log(d) * p + math.log1p(-d) * q for d, p, q in ((0.25, 1, 3), (0.8, 4, 1)))
    p, q = scalar([1.0, 4.0]), scalar([3.0, 1.0])
    assert_close(optimal_discriminator(p, q), scalar([0.25, 0.8]), **exact)
    assert_close(game_value(optimal_discriminator(p, q), p, q, 1.0), scalar(by_hand), **exact)


def test_at_its_optimum_the_game_is_worth_minus_log_4_and_else_2_jsd_more():
    same = game_value(optimal_discriminator(P, P), P, P, DX)
    assert_close(same, scalar(-math.log(4)), rtol=0, atol=1e-9)
    value = game_value(optimal_discriminator(P, Q), P, Q, DX)
    assert_close(value, 2 * jsd_grid(P, Q, DX) - math.log(4), rtol=0, atol=1e-9)
    assert value > -math.log(4) + 0.1


def test_where_both_densities_are_nothing_there_is_nothing_to_tell_or_to_pay():
    p, q = torch.tensor([[0.0, 1.0], [0.0, 2.0]]), torch.tensor([[0.0, 0.0], [3.0, 2.0]])
    d = optimal_discriminator(p, q)
    assert torch.equal(d, torch.tensor([[0.5, 1.0], [0.0, 0.5]]))
    assert_close(game_value(d, p, q, 0.5), torch.tensor(-math.log(4)))
    assert game_value(1 - d, p, q, 0.5) == -math.inf
    with pytest.raises(ValueError, match="d has other values, wanted numbers from 0 to 1"):
        game_value(2 * d, p, q, 0.5)
    with pytest.raises(ValueError, match="q has other values, wanted numbers of 0 or more"):
        optimal_discriminator(p, -q)


def test_losses_estimate_the_value_of_the_game():
    n = 200_000
    best = lambda x: Normal(0.0, 1.0).log_prob(x) - Normal(1.0, 2.0).log_prob(x)  # noqa: E731
    real, fake = best(draw(n)), best(1 + 2 * draw(n, seed=1))
    p, q = density((0.0, 1.0)), density((1.0, 2.0))
    value = game_value(optimal_discriminator(p, q), p, q, DX)
    error = 4 * math.sqrt((real.sigmoid().log().var() + (-fake).sigmoid().log().var()) / n)
    assert abs(-discriminator_loss(real, fake) - value) < error < 0.01


# The losses


@pytest.mark.parametrize("smooth", [0.0, 0.1])
def test_discriminator_loss_is_a_cross_entropy_with_labels(smooth):
    real, fake = 3 * draw(7), 3 * draw(4, seed=1)
    labelled = binary_cross_entropy_with_logits(
        real, torch.full_like(real, 1 - smooth)
    ) + binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))
    assert_close(discriminator_loss(real, fake, smooth=smooth), labelled, **exact)


def test_gradients_of_both_generators_in_closed_form():
    logits = (4 * draw(9)).requires_grad_()
    d = torch.sigmoid(logits.detach())
    (minimax,) = torch.autograd.grad(generator_loss(logits, "minimax"), logits)
    (other,) = torch.autograd.grad(generator_loss(logits), logits)
    assert_close(minimax, -d / 9, **exact)
    assert_close(other, -(1 - d) / 9, **exact)


def test_when_the_discriminator_wins_one_gradient_fades_and_the_other_does_not():
    for logit in (-10.0, -40.0, -700.0):  # D(G(z)) = exp(logit), nearly
        logits = scalar([logit]).requires_grad_()
        (minimax,) = torch.autograd.grad(generator_loss(logits, "minimax"), logits)
        (other,) = torch.autograd.grad(generator_loss(logits), logits)
        assert_close(minimax, -logits.detach().exp(), rtol=1e-4, atol=0)
        assert_close(other, scalar([-1.0]), rtol=1e-4, atol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    ("loss", "at_1000", "at_minus_1000"),
    [
        (lambda t: discriminator_loss(t, torch.full_like(t, -1000)), 0.0, 1000.0),
        (lambda t: discriminator_loss(torch.full_like(t, 1000), t), 1000.0, 0.0),
        (partial(generator_loss, kind="minimax"), -1000.0, 0.0),
        (generator_loss, 0.0, 1000.0),
    ],
)
def test_losses_are_exact_where_the_sigmoid_is_not(dtype, loss, at_1000, at_minus_1000):
    for logit, wanted in ((1000.0, at_1000), (-1000.0, at_minus_1000)):
        logits = torch.tensor([logit, logit], dtype=dtype, requires_grad=True)
        value = loss(logits)
        assert value.dtype == dtype
        assert value.item() == wanted
        (slope,) = torch.autograd.grad(value, logits)
        assert slope.isfinite().all()
        assert abs(slope).sum().item() == float(wanted != 0)


def test_bad_logits_and_kinds_are_named():
    with pytest.raises(ValueError, match=r"logits_real has shape \(4, 1\), wanted \(B,\)"):
        discriminator_loss(torch.zeros(4, 1), torch.zeros(4))
    with pytest.raises(ValueError, match="NaN"):
        generator_loss(torch.tensor([math.nan]))
    with pytest.raises(ValueError, match="kind is 'saturating', wanted one of"):
        generator_loss(torch.zeros(4), "saturating")


# What the losses make small: divergences


def test_a_generators_step_at_the_best_discriminator_goes_down_a_divergence():
    """Minimax: down 2 JSD. Non-saturating: down KL(q||p) - 2 JSD, with D held fixed.

    (Arjovsky and Bottou 2017, theorem 2.5)
    """
    theta = scalar(1.0).requires_grad_()
    q = torch.exp(-((GRID - theta) ** 2) / 4.5) / (1.5 * math.sqrt(2 * math.pi))
    best = optimal_discriminator(P, q.detach())
    two_jsd, kl = 2 * jsd_grid(P, q, DX), kl_grid(q, P, DX)
    for loss, divergence in (
        ((q * torch.log1p(-best)).sum() * DX, two_jsd),
        (-(q * best.log()).sum() * DX, kl - two_jsd),
    ):
        (step,) = torch.autograd.grad(loss, theta, retain_graph=True)
        (slope,) = torch.autograd.grad(divergence, theta, retain_graph=True)
        assert_close(step, slope, rtol=1e-6, atol=1e-8)
        assert abs(slope) > 0.01


# The steps of Algorithm 1


def test_the_discriminators_step_leaves_the_generator_alone():
    net_g, net_d, _, opt_d = pair()
    before, old = weights(net_g), weights(net_d)
    loss = discriminator_step(net_g, net_d, draw(5, 3), draw(6, 2), opt_d)
    assert all(map(torch.equal, before, weights(net_g)))
    assert all(p.grad is None for p in net_g.parameters())
    assert not any(map(torch.equal, old, weights(net_d)))
    assert loss.shape == ()
    assert not loss.requires_grad


def test_the_generators_step_leaves_the_discriminator_alone():
    net_g, net_d, opt_g, _ = pair()
    before, old = weights(net_g), weights(net_d)
    loss = generator_step(net_g, net_d, draw(6, 2), opt_g)
    assert all(map(torch.equal, old, weights(net_d)))
    assert all(p.grad is None for p in net_d.parameters())
    assert not any(map(torch.equal, before, weights(net_g)))
    assert loss.shape == ()
    assert not loss.requires_grad


def reference(kind, k, steps, smooth=0.0):
    """Algorithm 1 with nothing of the package, as a PyTorch tutorial writes it."""
    net_g, net_d, opt_g, opt_d = pair()
    bce = nn.BCEWithLogitsLoss()
    g, losses = seeded(7), []
    for step in range(steps):
        z = []
        for i in range(k):
            x = draw(5, 3, seed=100 + step * k + i)
            z = torch.randn(5, 2, generator=g, dtype=torch.float64)
            opt_d.zero_grad()
            real = bce(net_d(x), torch.full((5,), 1 - smooth, dtype=torch.float64))
            fake = bce(net_d(net_g(z).detach()), torch.zeros(5, dtype=torch.float64))
            (real + fake).backward()
            opt_d.step()
        z = torch.randn(5, 2, generator=g, dtype=torch.float64)
        opt_g.zero_grad()
        out = net_d(net_g(z))
        ones = torch.ones(5, dtype=torch.float64)
        loss = -bce(out, 1 - ones) if kind == "minimax" else bce(out, ones)
        loss.backward()
        opt_g.step()
        losses.append(((real + fake).item(), loss.item()))
    return net_g, net_d, losses


@pytest.mark.parametrize(("kind", "k"), [("minimax", 1), ("non_saturating", 1), ("minimax", 3)])
def test_training_is_the_loop_of_a_tutorial(kind, k):
    net_g, net_d, opt_g, opt_d = pair()
    loader = [draw(5, 3, seed=100 + i) for i in range(2 * k)]
    losses = list(
        gan_train(
            net_g, net_d, loader, opt_g, opt_d, k, latent_dim=2, kind=kind, generator=seeded(7)
        )
    )
    other_g, other_d, wanted = reference(kind, k, 2)
    assert_close(weights(net_g) + weights(net_d), weights(other_g) + weights(other_d), **exact)
    assert_close(losses, wanted, **exact)


def test_training_ends_with_the_data_or_after_its_steps():
    def count(batches, **options):
        return len(list(gan_train(*pair()[:2], batches, *pair()[2:], latent_dim=2, **options)))

    data = [(draw(5, 3), torch.zeros(5)) for _ in range(7)]  # with labels
    assert count(data) == 7
    assert count(data, k=3) == 2
    assert count(data, steps=4) == 4
    assert count(data, steps=4, k=2) == 3
    with pytest.raises(ValueError, match="k is 0, wanted 1 or more"):
        count(data, k=0)


def test_a_gan_learns_a_gaussian():
    torch.manual_seed(0)
    net_g, net_d = mlp([1, 1]), nn.Sequential(mlp([1, 16, 1]), nn.Flatten(0))
    opt_g, opt_d = (torch.optim.Adam(n.parameters(), 0.01, (0.5, 0.9)) for n in (net_g, net_d))
    g = seeded()
    loader = (3 + 0.5 * torch.randn(128, 1, generator=g) for _ in range(600))
    list(gan_train(net_g, net_d, loader, opt_g, opt_d, latent_dim=1, generator=g))

    x = net_g(torch.randn(2000, 1, generator=g))
    assert abs(x.mean() - 3) < 0.3
    assert 0.2 < x.std() < 1.0


def test_the_convolutional_pair_fits_its_images():
    net_g, net_d = conv_gan(5, channels=2, width=3)
    x = net_g(torch.randn(4, 5))
    assert x.shape == (4, 2, 28, 28)
    assert x.abs().max() <= 1
    assert net_d(x).shape == (4,)


def test_everything_runs_where_its_inputs_are():
    net_g, net_d, opt_g, opt_d = pair()
    net_g.to("meta"), net_d.to("meta")
    x, z = torch.zeros(4, 3, device="meta").double(), torch.zeros(4, 2, device="meta").double()
    assert discriminator_step(net_g, net_d, x, z, opt_d).device.type == "meta"
    assert generator_step(net_g, net_d, z, opt_g).device.type == "meta"
    assert game_value(optimal_discriminator(x, x), x, x, 1.0).device.type == "meta"


# Tips


def test_fading_noise_fades():
    layer, x = FadingNoise(2.0, 4, seeded()), torch.zeros(50_000, 1)
    found = [layer(x).std().item() for _ in range(6)]
    assert found == pytest.approx([2.0, 1.5, 1.0, 0.5, 0.0, 0.0], abs=0.03)
    assert torch.equal(FadingNoise(2.0, 4).eval()(x), x)


def test_uniform_codes_are_uniform_with_the_same_two_moments():
    z = UniformCodes()(torch.randn(100_000, 1, generator=seeded()))
    assert z.abs().max() <= 3**0.5
    assert z.mean().abs() < 0.02
    assert abs(z.var() - 1) < 0.02
    assert abs(z.abs().mean() - 3**0.5 / 2) < 0.01


# What samples are worth


def test_modes_are_counted_as_defined():
    centers = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    x = torch.tensor([[0.0, 0.29], [0.31, 0.0], [10.2, 0.2], [5.0, 5.0]])  # good, bad, good, bad
    assert modes_covered(x, centers, 0.1) == (2, 0.5)
    assert modes_covered(x, centers, 0.1, min_share=0.25) == (2, 0.5)  # of all samples
    assert modes_covered(x, centers, 0.1, min_share=0.26) == (0, 0.5)
    assert modes_covered(x, centers, 0.2) == (2, 0.75)
    for n, modes in ((99, 0), (100, 1)):  # 7 of 100 are 7 percent, whatever 0.07 * 100 is
        many = torch.full((n, 2), 50.0)
        many[:7] = 0.0
        assert modes_covered(many, centers, 1.0, 0.07)[0] == 1 - (modes == n)
    with pytest.raises(ValueError, match="sigma is 0"):
        modes_covered(x, centers, 0)


def test_what_the_mixture_itself_is_worth():
    x = eight_gaussians(20_000, seeded())
    modes, share = modes_covered(x, eight_centers(), 0.1)
    assert modes == 8
    wanted = 1 - math.exp(-4.5)  # of a Gaussian in the plane within 3 sigma
    assert abs(share - wanted) < 4 * math.sqrt(wanted * (1 - wanted) / 20_000)
    assert modes_covered(x[x[:, 0] > 0], eight_centers(), 0.1)[0] in (3, 5)  # some on the line


def test_a_sample_belongs_to_its_nearest_mode_alone():
    centers = torch.tensor([[0.0], [1.0]])
    assert modes_covered(torch.tensor([[0.4], [0.45]]), centers, 1.0) == (1, 1.0)


def test_frechet_distance_of_gaussians_that_commute():
    a = draw(500, 3)
    a = (a - a.mean(0)) @ torch.linalg.inv(torch.linalg.cholesky(torch.cov(a.T))).T  # N(0, I)
    shift, scale = scalar([1.0, 0.0, -2.0]), scalar([0.5, 1.0, 3.0])
    wanted = shift.square().sum() + (scale - 1).square().sum()
    assert frechet_distance(a, a * scale + shift) == pytest.approx(wanted.item(), rel=1e-9)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)
    half = a[:, :2] @ scalar([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])  # of rank 2
    assert frechet_distance(half, half + 1) == pytest.approx(3, rel=1e-6)


def test_bits_per_dim():
    assert bits_per_dim(784 * math.log(2) * 3, 784) == pytest.approx(3)
    with pytest.raises(ValueError, match="dim is 0"):
        bits_per_dim(1.0, 0)
