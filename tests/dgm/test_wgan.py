"""The Wasserstein critic and its penalty, against closed forms and finite differences."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from dgm.nn.networks import mlp
from dgm.wgan import critic_loss, critic_step, gradient_penalty, scored_generator_step, wgan_train

exact = {"rtol": 1e-12, "atol": 1e-12}


def draw(*shape, seed=0):
    g = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=g, dtype=torch.float64)


def critic(shape=(3,)):
    torch.manual_seed(1)
    size = torch.Size(shape).numel()
    return nn.Sequential(
        nn.Flatten(), nn.Linear(size, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0)
    ).double()


def test_critic_loss_is_the_difference_of_two_means():
    real, fake = torch.tensor([1.0, 3.0]), torch.tensor([4.0, 5.0, 9.0])
    assert critic_loss(real, fake) == 4
    with pytest.raises(ValueError, match="scores_fake has shape"):
        critic_loss(real, fake[:, None])


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4)])
def test_penalty_of_a_linear_critic_is_known(shape):
    weight = draw(*shape, seed=3)
    linear = nn.Sequential(nn.Flatten(), nn.Linear(weight.numel(), 1), nn.Flatten(0)).double()
    linear[1].weight.data = weight.reshape(1, -1)
    found = gradient_penalty(
        linear, draw(5, *shape), draw(5, *shape, seed=1), torch.rand(5).double()
    )
    assert_close(found, (weight.norm() - 1) ** 2, **exact)
    (slope,) = torch.autograd.grad(found, linear[1].weight)
    assert_close(slope, 2 * (1 - 1 / weight.norm()) * weight.reshape(1, -1), **exact)


@pytest.mark.parametrize("shape", [(3,), (1, 2, 3)])
def test_penalty_is_of_the_slope_between_data_and_samples(shape):
    net_d, h = critic(shape), 1e-6
    x, x_fake, eps = draw(4, *shape), draw(4, *shape, seed=1), torch.tensor([0.0, 0.3, 0.8, 1.0])
    total = 0.0
    for i, share in enumerate(eps.double()):
        point = (share * x[i] + (1 - share) * x_fake[i]).flatten()
        slope = torch.stack(
            [
                (
                    net_d((point + h * e).reshape(1, *shape))
                    - net_d((point - h * e).reshape(1, *shape))
                )
                / (2 * h)
                for e in torch.eye(point.numel(), dtype=torch.float64)
            ]
        )
        total += (slope.norm().item() - 1) ** 2 / 4
    assert gradient_penalty(net_d, x, x_fake, eps.double()).item() == pytest.approx(total, abs=1e-7)


def test_penalty_reaches_the_critic_and_not_the_samples():
    net_d, x_fake = critic(), draw(4, 3, seed=1).requires_grad_()
    gradient_penalty(net_d, draw(4, 3), x_fake, torch.full((4,), 0.5).double()).backward()
    assert x_fake.grad is None
    assert net_d[1].weight.grad.abs().sum() > 0
    with pytest.raises(ValueError, match="eps has other values, wanted numbers from 0 to 1"):
        gradient_penalty(net_d, draw(2, 3), draw(2, 3), torch.tensor([0.0, 2.0]).double())


def test_steps_go_down_what_they_should():
    net_g, net_d = mlp([2, 3]).double(), critic()
    x, z = draw(6, 3), draw(6, 2, seed=1)
    opt_g, opt_d = (torch.optim.SGD(net.parameters(), 0.1) for net in (net_g, net_d))
    old_g = [p.clone() for p in net_g.parameters()]
    loss = critic_step(net_g, net_d, x, z, opt_d, weight=0.0)
    assert all(map(torch.equal, old_g, net_g.parameters()))
    assert critic_loss(net_d(x), net_d(net_g(z))) < loss
    old_d = [p.clone() for p in net_d.parameters()]
    loss = scored_generator_step(net_g, net_d, z, opt_g, "")
    assert all(map(torch.equal, old_d, net_d.parameters()))
    assert -net_d(net_g(z)).mean() < loss


def test_the_penalty_holds_the_slope_near_1_and_the_critic_finds_the_distance():
    """Two point masses 3 apart: the Wasserstein distance is 3."""
    torch.manual_seed(0)
    net_g = nn.Linear(1, 1)
    nn.init.zeros_(net_g.weight)
    nn.init.constant_(net_g.bias, 3.0)
    net_d = nn.Sequential(mlp([1, 32, 1]), nn.Flatten(0))
    opt_g = torch.optim.SGD(net_g.parameters(), 0.0)
    opt_d = torch.optim.Adam(net_d.parameters(), 0.01, (0.0, 0.9))
    g = torch.Generator().manual_seed(0)
    loader = (torch.zeros(64, 1) for _ in range(500))
    losses = list(wgan_train(net_g, net_d, loader, opt_g, opt_d, latent_dim=1, generator=g))
    assert len(losses) == 100  # five steps of the critic each
    distance = (net_d(torch.zeros(1, 1)) - net_d(torch.full((1, 1), 3.0))).item()
    # the best is D = -s x with 3 s less the penalty 10 (s - 1)^2, so s = 1 + 3 / 20
    assert distance == pytest.approx(3 * 1.15, abs=0.15)
