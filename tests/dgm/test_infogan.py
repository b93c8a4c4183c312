"""InfoGAN's bound against exact mutual information."""

import math

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from dgm.infogan import infogan_train, mutual_information_bound, with_code
from dgm.nn.networks import mlp


def joint(k=4, m=6, seed=0):
    """A uniform code of k values, and a discrete x of m values given it."""
    g = torch.Generator().manual_seed(seed)
    given = torch.randint(1, 5, (k, m), generator=g).double()
    return given / given.sum(1, keepdim=True) / k  # p(c, x)


def mutual_information(p):
    return (p * (p / (p.sum(0) * p.sum(1, keepdim=True))).log()).sum()


def bound(p, logits_of):
    """The bound's expectation under p: one call for each pair (c, x), weighed by p."""
    code, x = (t.flatten() for t in torch.meshgrid(*map(torch.arange, p.shape), indexing="ij"))
    each = torch.stack(
        [
            mutual_information_bound(logits_of[:, i][None], c[None])
            for c, i in zip(code, x, strict=True)
        ]
    )
    return (p.flatten() * each).sum()


@pytest.mark.parametrize("seed", range(3))
def test_bound_is_mutual_information_for_the_posterior_and_below_it_for_others(seed):
    p = joint(seed=seed)
    posterior = (p / p.sum(0)).log()  # (k, m)
    assert_close(bound(p, posterior), mutual_information(p), rtol=1e-12, atol=1e-12)
    assert_close(bound(p, posterior + 7), mutual_information(p), rtol=1e-12, atol=1e-12)
    other = posterior + 0.5 * torch.randn(
        p.shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64
    )
    assert bound(p, other) < mutual_information(p)


def test_bound_is_a_mean_over_a_batch():
    logits, code = torch.randn(5, 3).double(), torch.tensor([0, 2, 1, 1, 0])
    by_hand = sum(math.log(3) + logits[i].log_softmax(0)[code[i]].item() for i in range(5))
    assert mutual_information_bound(logits, code).item() == pytest.approx(by_hand / 5)
    assert mutual_information_bound(torch.zeros(4, 7), torch.arange(4)) == 0
    sure = 1000 * torch.eye(3)
    assert mutual_information_bound(sure, torch.arange(3)).item() == pytest.approx(math.log(3))
    assert mutual_information_bound(sure, torch.tensor([1, 2, 0])).item() < -990


@pytest.mark.parametrize("bad", [3, -1, -100])
def test_a_code_out_of_range_is_named(bad):
    with pytest.raises(ValueError, match="wanted 0 to 2"):
        mutual_information_bound(torch.zeros(2, 3), torch.tensor([0, bad]))


def test_the_generator_reads_noise_beside_a_one_hot_code():
    z = torch.randn(2, 3)
    found = with_code(z, torch.tensor([1, 0]), 2)
    assert torch.equal(found, torch.cat([z, torch.tensor([[0.0, 1.0], [1.0, 0.0]])], 1))


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_codes_are_kept_apart_only_if_the_bound_is_asked_for(weight):
    """Two clusters on a line, and two codes."""
    torch.manual_seed(0)
    net_g, net_d = mlp([4, 16, 1]), nn.Sequential(mlp([1, 16, 1]), nn.Flatten(0))
    net_q = mlp([1, 16, 2])
    opt_g = torch.optim.Adam([*net_g.parameters(), *net_q.parameters()], 2e-3, (0.5, 0.9))
    opt_d = torch.optim.Adam(net_d.parameters(), 2e-3, (0.5, 0.9))
    g = torch.Generator().manual_seed(0)
    loader = (
        2.0 * torch.randint(2, (64, 1), generator=g) - 1 + 0.1 * torch.randn(64, 1, generator=g)
        for _ in range(400)
    )
    nets = (net_g, net_d, net_q)
    steps = infogan_train(
        *nets, loader, opt_g, opt_d, latent_dim=2, n_codes=2, weight=weight, generator=g
    )
    bounds = [bound for _, _, bound in steps]
    assert len(bounds) == 400
    if weight:
        assert bounds[-1] > 0.95 * math.log(2)
    else:
        assert bounds[-1] < 0.5 * math.log(2)


def test_a_code_that_is_none_is_named_before_it_becomes_one_hot():
    with pytest.raises(ValueError, match="code runs from 3 to 3, wanted 0 to 2"):
        with_code(torch.zeros(1, 2), torch.tensor([3]), 3)
