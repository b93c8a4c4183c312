"""Sparse autoencoders: a planted dictionary is found; the pieces by hand."""

import math

import pytest
import torch
from torch.testing import assert_close

from dgm.data.batches import minibatches
from dgm.sparse import (
    SparseAutoencoder,
    clamp_feature,
    mean_max_cosine,
    planted_activations,
    sparse_train,
)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def directions(m, d, seed=0):
    return torch.nn.functional.normalize(torch.randn(m, d, generator=seeded(seed)), dim=1)


def trained(x, features, steps, l1, lr=5e-3, seed=0):
    model = SparseAutoencoder(x.shape[1], features, generator=seeded(seed))
    optimizer = torch.optim.Adam(model.parameters(), lr)
    batches = minibatches(x, 256, steps, seeded(seed))
    return model, list(sparse_train(model, batches, optimizer, l1))


def test_a_planted_dictionary_is_found(record_property):
    """24 directions in 16 dimensions, which principal components cannot tell apart."""
    planted = directions(24, 16)
    x = planted_activations(8000, planted, 0.06, seeded(1))
    model, losses = trained(x, 48, 1200, 0.2, lr=1e-2, seed=2)
    before = mean_max_cosine(planted, directions(48, 16, seed=2)).item()  # where it starts
    found = mean_max_cosine(planted, model.dictionary.detach()).item()
    record_property("mean_max_cosine", found)
    print(f"mean max cosine {found:.3f}, of directions at random {before:.3f}")
    assert before < 0.7
    assert found > 0.9
    assert losses[-1] < losses[0] / 2
    with torch.no_grad():
        code = model.encode(x)
    assert (code >= 0).all()
    assert (code > 0).float().mean() < 0.25
    assert_close(model.dictionary.detach().norm(dim=1), torch.ones(48))


def test_code_and_reconstruction_by_hand():
    model = SparseAutoencoder(3, 5).double()
    with torch.no_grad():
        model.decoder_bias.copy_(torch.tensor([1.0, -1.0, 2.0]))
        model.encoder_bias.copy_(torch.linspace(-1, 1, 5))
    x = torch.randn(4, 3, dtype=torch.float64)
    before = (x - model.decoder_bias) @ model.encoder + model.encoder_bias
    z = model.encode(x)
    assert_close(z, before.clamp(min=0))
    assert_close(model(x), z @ model.dictionary + model.decoder_bias)
    model(x).sum().backward()
    assert all(p.grad is not None for p in model.parameters())


def test_clamping_moves_along_one_direction_and_keeps_the_rest():
    model = SparseAutoencoder(6, 10)
    x = torch.randn(8, 6)
    with torch.no_grad():
        z = model.encode(x)
        moved = clamp_feature(model, x, 7, 4.0) - x
        same = torch.stack(
            [clamp_feature(model, x[i : i + 1], 7, z[i, 7].item())[0] for i in range(8)]
        )
        assert_close(moved, (4 - z[:, 7:8]) * model.dictionary[7])
        assert_close(same, x)  # also where the reconstruction is poor
        assert not torch.allclose(model(x), x, atol=0.1)
        assert torch.equal(z, model.encode(x))


def test_mean_max_cosine():
    true = directions(5, 8)
    assert mean_max_cosine(true, 3 * true.flip(0)).item() == pytest.approx(1)
    assert mean_max_cosine(true, -true).item() < 0.9
    e = torch.eye(3)
    half = torch.tensor([[1.0, 1.0, 0.0]])
    assert mean_max_cosine(e[:2], half).item() == pytest.approx(math.sqrt(0.5))
    assert mean_max_cosine(e, e[:2]).item() == pytest.approx(2 / 3)  # one was not found
    assert mean_max_cosine(e[:2], e).item() == pytest.approx(1)  # one too many does no harm


def test_planted_activations_are_present_as_often_as_asked():
    e = torch.eye(6)
    x = planted_activations(20_000, e, 0.2, seeded())
    share = (x > 0).float().mean().item()
    assert abs(share - 0.2) < 4 * math.sqrt(0.16 / 120_000)
    assert x[x > 0].min() >= 0.5
    assert x.max() <= 1.5
    both = ((x[:, 0] > 0) & (x[:, 1] > 0)).float().mean().item()
    assert abs(both - 0.04) < 4 * math.sqrt(0.04 / 20_000)


def test_training_repeats():
    x = planted_activations(500, directions(6, 4), 0.2, seeded())
    assert trained(x, 8, 5, 0.1)[1] == trained(x, 8, 5, 0.1)[1]
    assert trained(x, 8, 5, 0.1)[1] != trained(x, 8, 5, 0.1, seed=1)[1]


def test_meta_and_bad_input():
    model = SparseAutoencoder(6, 10).to("meta")
    x = torch.empty(8, 6, device="meta")
    assert model(x).device.type == "meta"
    assert clamp_feature(model, x, 0, 1.0).shape == x.shape
    assert mean_max_cosine(x, x).device.type == "meta"
    with pytest.raises(ValueError, match="learned has shape"):
        mean_max_cosine(torch.ones(3, 4), torch.ones(3, 5))
    with pytest.raises(ValueError, match="x has shape"):
        SparseAutoencoder(6, 10).encode(torch.ones(2, 3, 4))
