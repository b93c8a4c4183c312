"""The flow against autograd's Jacobian, torch.distributions, integrals, and a known entropy."""

import math

import pytest
import torch
from torch import nn
from torch.distributions import AffineTransform, Independent, Normal, TransformedDistribution
from torch.testing import assert_close

from dgm.data.batches import minibatches
from dgm.exact.gaussians import GaussianMixture
from dgm.flow import LOG_SCALE, AffineCoupling, Flow, flow_loss, flow_train
from dgm.schedule import NoiseSchedule

exact = {"rtol": 1e-10, "atol": 1e-10}
LAYERS = [(2, True), (2, False), (3, True), (3, False), (6, False)]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=seeded(seed), dtype=torch.float64)


def matrix(rows):
    return torch.tensor(rows, dtype=torch.float64)


def coupling(dim, first, seed=0):
    """A coupling of float64 that is not the identity: all its weights are drawn."""
    layer = AffineCoupling(dim, 8, first).double()
    for i, p in enumerate(layer.parameters()):
        p.data = 0.5 * draw(*p.shape, seed=100 * seed + i)
    return layer


def flow(dim=2, layers=4):
    return Flow([coupling(dim, i % 2 == 0, seed=i) for i in range(layers)])


def constant(dim, first, s, t):
    """A coupling whose s and t do not depend on x."""
    layer = AffineCoupling(dim, 4, first).double()
    layer.net[-1].bias.data = torch.cat([LOG_SCALE * torch.atanh(s / LOG_SCALE), t])
    return layer


def log_det_by_autograd(function, x):
    jacobian = torch.vmap(torch.func.jacrev(lambda row: function(row[None])[0][0]))(x)
    return jacobian, torch.linalg.slogdet(jacobian).logabsdet


# A coupling


@pytest.mark.parametrize(("dim", "first"), LAYERS)
def test_the_inverse_undoes_the_layer(dim, first):
    layer, x = coupling(dim, first), draw(20, dim, seed=7)
    z, _ = layer(x)
    assert (z - x).abs().mean() > 0.1
    assert_close(layer.inverse(z), x, **exact)
    assert_close(layer(layer.inverse(x))[0], x, **exact)


@pytest.mark.parametrize(("dim", "first"), LAYERS)
def test_log_det_is_that_of_autograds_jacobian(dim, first):
    layer, x = coupling(dim, first), draw(20, dim, seed=7)
    jacobian, wanted = log_det_by_autograd(layer, x)
    log_det = layer(x)[1]
    assert log_det.shape == (20,)
    assert wanted.std() > 0.1
    assert_close(log_det, wanted, **exact)
    triangular = jacobian.triu(1) if first else jacobian.tril(-1)
    assert triangular.abs().max() == 0


@pytest.mark.parametrize(("dim", "first", "kept"), [(2, True, [0]), (2, False, [1])])
def test_which_half_stays_in_the_plane(dim, first, kept):
    check_which_half_stays(dim, first, kept)


@pytest.mark.parametrize(("dim", "first", "kept"), [(5, True, [0, 1]), (5, False, [2, 3, 4])])
def test_which_half_stays_with_an_odd_number(dim, first, kept):
    check_which_half_stays(dim, first, kept)


def check_which_half_stays(dim, first, kept):
    layer, x = coupling(dim, first), draw(9, dim, seed=7)
    same = (layer(x)[0] == x).all(0)
    assert same.nonzero().flatten().tolist() == kept


def test_the_formula_with_numbers():
    s, t, x = matrix([0.5]), matrix([-3.0]), matrix([[1.0, 2.0]])
    z, log_det = constant(2, True, s, t)(x)
    assert_close(z, matrix([[1.0, 2 * math.exp(0.5) - 3]]), **exact)
    assert_close(log_det, s, **exact)
    z, _ = constant(2, False, s, t)(x)
    assert_close(z, matrix([[math.exp(0.5) - 3, 2.0]]), **exact)


def test_a_new_layer_is_the_identity():
    x = draw(5, 3).float()
    z, log_det = AffineCoupling(3, 8, True)(x)
    assert torch.equal(z, x)
    assert torch.equal(log_det, torch.zeros(5))


def test_no_factor_beyond_the_limit():
    layer, x = coupling(2, True), draw(200, 2)
    layer.net[-1].weight.data *= 100
    log_det = layer(x)[1]
    assert 0.99 * LOG_SCALE < log_det.abs().max() <= LOG_SCALE


# The flow


def test_flow_is_its_layers_one_after_the_other():
    model, x = flow(3), draw(10, 3)
    z, log_det = model(x)
    assert_close(log_det, log_det_by_autograd(model, x)[1], **exact)
    assert_close(model.inverse(z), x, **exact)
    by_hand = x
    for layer in model.layers:
        by_hand = layer(by_hand)[0]
    assert torch.equal(z, by_hand)


def test_density_integrates_to_one():
    model = flow()
    side = torch.linspace(-40, 40, 1001, dtype=torch.float64)
    grid = torch.cartesian_prod(side, side)
    with torch.no_grad():
        total = sum(model.log_prob(part).exp().sum() for part in grid.split(250_000))
    assert abs(float(total) * (80 / 1000) ** 2 - 1) < 1e-3


def test_density_of_an_affine_map_is_that_of_torch():
    s, t = draw(2, 2, seed=1) / 2, draw(2, 2, seed=2)
    model = Flow([constant(4, True, s[0], t[0]), constant(4, False, s[1], t[1])])
    scale, shift = s.flip(0).flatten().exp(), t.flip(0).flatten()  # z = scale x + shift
    standard = Independent(Normal(torch.zeros(4).double(), 1.0), 1)
    wanted = TransformedDistribution(standard, AffineTransform(-shift / scale, 1 / scale, 1))
    x = draw(50, 4)
    assert_close(model.log_prob(x), wanted.log_prob(x), **exact)


def test_samples_have_the_density():
    """E[log p] and E[log p]^2 of samples are those of a sum over a grid."""
    model, n = flow(), 40_000
    with torch.no_grad():
        of_samples = model.log_prob(model.sample(n, seeded(3)))
        side = torch.linspace(-40, 40, 1001, dtype=torch.float64)
        log_p = model.log_prob(torch.cartesian_prod(side, side))
    p = log_p.exp() * (80 / 1000) ** 2
    for power in (1, 2):
        each = of_samples**power
        error = 4 * each.std() / n**0.5
        assert abs(each.mean() - (p * log_p**power).sum()) < error
        assert error < 0.2


def test_samples_are_the_inverse_of_noise():
    model = flow(3).float()
    x = model.sample(6, seeded(1))
    assert x.dtype == torch.float32
    assert not x.requires_grad
    assert_close(model(x)[0], torch.randn(6, 3, generator=seeded(1)), rtol=1e-4, atol=1e-4)


# Training


def test_loss_is_a_mean_of_sums_over_dimensions():
    x = draw(8, 4)
    loss = flow_loss(Flow([AffineCoupling(4, 8, True).double()]), x)  # the identity
    wanted = (4 * math.log(2 * math.pi) + (x**2).sum(1).mean()) / 2
    assert_close(loss, wanted, **exact)


def test_training_is_the_loop_by_hand():
    models = [flow(), flow()]
    data = [draw(16, 2, seed=i) for i in range(3)]
    optimizers = [torch.optim.Adam(m.parameters(), 1e-2) for m in models]
    losses = list(flow_train(models[0], [(x, None) for x in data], optimizers[0]))
    for x, loss in zip(data, losses, strict=True):
        optimizers[1].zero_grad()
        wanted = -models[1].log_prob(x).mean()
        wanted.backward()
        optimizers[1].step()
        assert loss == pytest.approx(wanted.item(), rel=1e-12)
    for a, b in zip(models[0].parameters(), models[1].parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_trained_flow_comes_near_the_entropy():
    """No model gets below the entropy of the data, and this one ends less than 0.06 nats above."""
    schedule, zero = NoiseSchedule.linear(2), torch.zeros(20_000, dtype=torch.int64)
    truth = GaussianMixture(
        torch.tensor([0.3, 0.7]),
        torch.tensor([[-1.0, 0.5], [1.0, -0.5]]),
        torch.tensor([0.1, 0.2]),
    )
    model = Flow([AffineCoupling(2, 32, i % 2 == 0) for i in range(6)])
    batches = minibatches(truth.sample(20_000, seeded()), 256, 800, seeded(1))
    losses = list(flow_train(model, batches, torch.optim.Adam(model.parameters(), 3e-3)))
    x = truth.sample(20_000, seeded(2))
    with torch.no_grad():
        excess = truth.log_prob(x, zero, schedule) - model.log_prob(x)  # a draw of KL's integrand
    gap, error = excess.mean().item(), excess.std().item() / len(x) ** 0.5
    assert losses[0] - losses[-1] > 0.5
    assert -4 * error < gap < 0.06


# Bad input


def test_bad_input():
    layer = AffineCoupling(2, 4, True)
    for call in (layer, layer.inverse, Flow([layer]).log_prob):
        with pytest.raises(ValueError, match=r"shape \(5, 3\), wanted \(B, D\) with D=2"):
            call(torch.zeros(5, 3))
        with pytest.raises(ValueError, match=r"wanted \(B, D\)"):
            call(torch.zeros(5))
    with pytest.raises(ValueError, match="NaN"):
        flow_loss(Flow([layer]), torch.tensor([[0.0, math.nan]]))
    with pytest.raises(ValueError, match="dim is 1, wanted 2 or more"):
        AffineCoupling(1, 4, True)
    with pytest.raises(ValueError, match=r"dim \[2, 3\]"):
        Flow([layer, AffineCoupling(3, 4, True)])
    with pytest.raises(ValueError, match="one layer or more"):
        Flow([])
    with pytest.raises(ValueError, match="n is 0"):
        Flow([layer]).sample(0)


def test_on_meta():
    model = flow().to("meta")
    x = torch.zeros(3, 2, dtype=torch.float64, device="meta")
    assert flow_loss(model, x).device.type == "meta"
    assert model.sample(3).device.type == "meta"
    assert isinstance(model.layers, nn.ModuleList)
