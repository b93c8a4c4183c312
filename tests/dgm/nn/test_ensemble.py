"""Networks side by side: each is what it would be alone."""

from functools import partial

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from dgm.gan import discriminator_loss, gan_train
from dgm.nn.ensemble import Linears, Merge, Pack, Split, Spread, discriminators, generators
from dgm.wgan import gradient_penalty

S, B = 3, 8
exact = {"rtol": 1e-10, "atol": 1e-10}
SHAPES = [
    {},
    {"norm": True},
    {"activation": partial(nn.LeakyReLU, 0.2)},
    {"spread": True},
    {"pack": 2},
    {"pack": 4, "spread": True, "norm": True},
]


def draw(*shape, seed=0):
    g = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=g, dtype=torch.float64)


def alone(net, i):
    """Network i of an ensemble, as an ensemble of one."""
    return nn.Sequential(*[_alone(layer, i) for layer in net])


def _alone(layer, i):
    if isinstance(layer, Split):
        return Split(1)
    if isinstance(layer, Linears):
        one = Linears(1, *layer.weight.shape[1:]).double()
        one.weight.data, one.bias.data = layer.weight.data[i : i + 1], layer.bias.data[i : i + 1]
        return one
    if hasattr(layer, "norm"):
        features = layer.norm.num_features // S
        return type(layer)(1, features).double()
    return layer


@pytest.mark.parametrize("options", SHAPES)
def test_each_discriminator_sees_its_own_rows_alone(options):
    torch.manual_seed(0)
    net, x = discriminators(S, 5, dim=2, **options).double(), draw(B * S, 2)
    logits = net(x)
    assert logits.shape == (B * S // options.get("pack", 1),)
    for i in range(S):
        assert_close(alone(net, i)(x[i::S]), logits[i::S], **exact)


@pytest.mark.parametrize("options", [{}, {"norm": True}, {"tanh": True}])
def test_each_generator_too(options):
    torch.manual_seed(0)
    net, z = generators(S, 4, 5, dim=3, **options).double(), draw(B * S, 4)
    x = net(z)
    assert x.shape == (B * S, 3)
    for i in range(S):
        assert_close(alone(net, i)(z[i::S]), x[i::S], **exact)


def test_gradients_are_a_share_of_those_alone():
    torch.manual_seed(0)
    net, x, x_fake = discriminators(S, 5).double(), draw(B * S, 2), draw(B * S, 2, seed=1)
    eps = torch.rand(B * S, generator=torch.Generator().manual_seed(0)).double()
    loss = discriminator_loss(net(x), net(x_fake)) + gradient_penalty(net, x, x_fake, eps)
    loss.backward()
    one = alone(net, 1)
    loss = discriminator_loss(one(x[1::S]), one(x_fake[1::S]))
    (loss + gradient_penalty(one, x[1::S], x_fake[1::S], eps[1::S])).backward()
    assert_close(S * net[1].weight.grad[1], one[1].weight.grad[0], **exact)


def test_training_side_by_side_is_training_alone():
    """With the same data and codes; Adam does not see that gradients are a share."""
    torch.manual_seed(0)
    nets = generators(S, 2, 5).double(), discriminators(S, 5).double()
    single = [alone(net, 1) for net in nets]
    data = [draw(B * S, 2, seed=i) for i in range(3)]
    own = [x[1::S] for x in data]

    def train(pair, loader, codes):
        first = _Given(codes)
        opt = [torch.optim.Adam(net.parameters(), 1e-2, (0.5, 0.999), eps=1e-16) for net in pair]
        list(gan_train(nn.Sequential(first, *pair[0]), pair[1], loader, *opt, latent_dim=2))

    codes = [draw(B * S, 2, seed=50 + i) for i in range(6)]
    train(nets, data, codes)
    train(single, own, [z[1::S] for z in codes])
    for net, one in zip(nets, single, strict=True):
        assert_close(net[1].weight[1], one[1].weight[0], rtol=1e-6, atol=1e-8)


class _Given(nn.Module):
    """Codes from a list in place of those that are drawn."""

    def __init__(self, codes):
        super().__init__()
        self.codes = iter(codes)

    def forward(self, z):
        return next(self.codes)


def test_layers_are_initialised_as_linear_ones_are():
    torch.manual_seed(0)
    layer = Linears(50, 16, 8)
    for p in (layer.weight, layer.bias):
        assert p.abs().max() <= 0.25
        assert p.abs().mean().item() == pytest.approx(0.125, abs=0.01)


def test_spread_is_nothing_for_samples_that_are_all_alike():
    x = torch.stack([torch.ones(5, 4), torch.arange(20.0).reshape(5, 4)])
    found = Spread()(x)
    assert torch.equal(found[..., :4], x)
    assert_close(found[0, :, 4], torch.full((5,), 1e-4))
    assert_close(found[1, :, 4], torch.full((5,), 4 * 2**0.5))


def test_rows_are_dealt_and_gathered():
    x = torch.arange(12.0).reshape(6, 2)
    dealt = Split(3)(x)
    assert torch.equal(dealt[1], x[[1, 4]])
    assert torch.equal(Merge()(dealt), x)
    assert torch.equal(Pack(2)(dealt)[2], x[[2, 5]].reshape(1, 4))
