"""Autoencoders: the linear one against principal components, the losses by hand, the noises."""

import math

import pytest
import torch
from torch.testing import assert_close

from dgm.autoencoder import (
    Autoencoder,
    autoencoder_train,
    denoising_loss,
    gaussian_noise,
    masking_noise,
    reconstruction_loss,
    sparse_loss,
)
from dgm.data import load
from dgm.data.batches import inputs, minibatches
from dgm.exact.denoiser import gaussian_denoiser
from dgm.exact.pca import pca_reconstruct, principal_angles, principal_components

SHAPES = [(6, 4), (3, 2, 3, 5)]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


# The network


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_code_and_reconstruction(shape):
    x = torch.randn(shape)
    d = x[0].numel()
    model = Autoencoder(d, 2, hidden_dims=(7, 5), dropout=0.3)
    z = model.encode(x)
    assert z.shape == (len(x), 2)
    assert model.decode(z).shape == (len(x), d)
    model.eval()
    assert_close(model(x), model.decode(model.encode(x)).reshape(shape))
    assert [m.out_features for m in model.encoder if hasattr(m, "out_features")] == [7, 5, 2]
    assert [m.out_features for m in model.decoder if hasattr(m, "out_features")] == [5, 7, d]


def test_neither_code_nor_output_is_bounded():
    model = Autoencoder(4, 3)
    x = 100 * torch.randn(200, 4)
    for a in (model.encode(x), model(x)):
        assert a.min() < -5
        assert a.max() > 5


def test_without_hidden_layers_it_is_linear():
    model = Autoencoder(4, 2, hidden_dims=()).double()
    a, b = torch.randn(2, 3, 4, dtype=torch.float64)
    zero = torch.zeros(1, 4, dtype=torch.float64)
    assert_close(model(a + b) - model(zero), model(a) + model(b) - 2 * model(zero))


def test_dropout_is_for_training_alone():
    model, x = Autoencoder(4, 2, (50,), dropout=0.5), torch.randn(3, 4)
    assert not torch.equal(model.encode(x), model.encode(x))
    model.eval()
    assert torch.equal(model.encode(x), model.encode(x))


# Losses and noises


@pytest.mark.parametrize("shape", SHAPES)
def test_losses_by_hand(shape):
    x, x_hat = torch.randn(2, *shape, dtype=torch.float64)
    by_hand = sum(float((a - b) ** 2) for a, b in zip(x.flatten(), x_hat.flatten(), strict=True))
    by_hand /= len(x)
    assert reconstruction_loss(x, x_hat).item() == pytest.approx(by_hand, rel=1e-12)
    assert denoising_loss(lambda seen: seen, x, x_hat).item() == pytest.approx(by_hand, rel=1e-12)

    class Doubler:
        def encode(self, x):
            return 2 * x.flatten(1)

        def decode(self, z):
            return z

    size = x.abs().sum().item() / len(x)
    square = (x**2).sum().item() / len(x)
    assert sparse_loss(Doubler(), x, 0.3).item() == pytest.approx(square + 0.6 * size)


def test_gradients_reach_every_weight():
    x = torch.randn(8, 2, 3)
    for loss in (
        lambda m: reconstruction_loss(x, m(x)),
        lambda m: denoising_loss(m, x, masking_noise(x, 0.5)),
        lambda m: sparse_loss(m, x, 0.1),
    ):
        model = Autoencoder(6, 3)
        loss(model).backward()
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gaussian_noise(dtype):
    x, n = torch.full((100, 1, 20, 20), 3.0, dtype=dtype), 40_000
    noise = gaussian_noise(x, 0.5, seeded()) - x
    assert noise.dtype == dtype
    assert abs(noise.mean()) < 4 * 0.5 / n**0.5
    assert abs(noise.var() - 0.25) < 4 * 0.25 * (2 / n) ** 0.5
    assert len(noise.unique()) > 0.9 * n  # every entry has its own
    assert torch.equal(gaussian_noise(x, 0.5, seeded(1)), gaussian_noise(x, 0.5, seeded(1)))
    assert torch.equal(gaussian_noise(x, 0.0), x)


@pytest.mark.parametrize("p", [0.1, 0.7])
def test_masking_noise(p):
    x, n = torch.full((100, 2, 10, 20), 3.0), 40_000
    masked = masking_noise(x, p, seeded())
    share = (masked == 0).float().mean().item()
    assert abs(share - p) < 4 * math.sqrt(p * (1 - p) / n)
    assert set(masked.unique().tolist()) == {0, 3}  # what is kept is not scaled
    assert not torch.equal(masked[:, 0], masked[:, 1])
    rows = (masked == 0).float().mean((1, 2, 3))
    assert rows.min() > 0  # entries are lost alone, not whole images
    assert rows.max() < 1
    assert torch.equal(masking_noise(x, p, seeded(1)), masking_noise(x, p, seeded(1)))
    assert torch.equal(masking_noise(x, 0.0), x)
    assert not masking_noise(x, 1.0).any()


# Training


def train(model, x, steps, size=100, lr=1e-2, loss=None, seed=0):
    optimizer = torch.optim.Adam(model.parameters(), lr)
    losses = []
    for step, value in enumerate(
        autoencoder_train(model, minibatches(x, size, steps, seeded(seed)), optimizer, loss), 1
    ):
        optimizer.param_groups[0]["lr"] = lr * (1 - step / steps)
        losses.append(value)
    return losses


def test_a_linear_autoencoder_reaches_principal_components():
    x = load("digits")[0].flatten(1)
    k = 4
    mean, components = principal_components(x, k)
    best = reconstruction_loss(x, pca_reconstruct(x, mean, components))
    model = Autoencoder(64, k, hidden_dims=())
    losses = train(model, x, 1200, size=480, lr=3e-2)
    with torch.no_grad():
        reached = reconstruction_loss(x, model(x))
    assert losses[0] > 2 * best
    assert best * (1 - 1e-5) <= reached < 1.01 * best
    angles = principal_angles(components.T, model.decoder[0].weight.detach())
    assert angles.max() < 0.1  # radians; planes drawn at random are at 1.5


def test_a_trained_denoiser_reaches_the_best_one():
    """Linear, on Gaussian data: what it learns is known."""
    root = torch.tensor([[2.0, 0.0], [1.0, 0.3]])
    x = torch.randn(4000, 2) @ root.T
    model = Autoencoder(2, 2, hidden_dims=())
    noise = seeded(1)
    train(model, x, 1500, loss=lambda m, x: denoising_loss(m, x, gaussian_noise(x, 1.0, noise)))
    seen = gaussian_noise(x, 1.0)
    best = gaussian_denoiser(seen, torch.zeros(2), root @ root.T, 1.0)
    with torch.no_grad():
        assert ((model(seen) - best) ** 2).mean() < 0.01


def test_a_larger_penalty_makes_a_smaller_code():
    x = load("digits")[0].flatten(1)[:400]
    sizes = []
    for l1 in (0.0, 0.3, 3.0):
        torch.manual_seed(0)
        model = Autoencoder(64, 20, (32,))
        train(model, x, 150, loss=lambda m, x, l1=l1: sparse_loss(m, x, l1))
        sizes.append(model.encode(x).abs().sum(1).mean().item())
    assert sizes[0] > 2 * sizes[1] > 4 * sizes[2]


def test_training_yields_each_step_and_repeats():
    x = torch.randn(30, 4)
    runs = []
    for _ in range(2):
        torch.manual_seed(3)
        model = Autoencoder(4, 2)
        model.eval()
        runs.append(train(model, x, 7, size=10))
        assert model.training
    assert runs[0] == runs[1]
    assert len(runs[0]) == 7
    torch.manual_seed(3)
    assert train(Autoencoder(4, 2), x, 7, size=10, seed=1) != runs[0]


# Batches


def test_minibatches_take_every_row_once_an_epoch():
    x = torch.arange(23)
    batches = list(minibatches(x, 5, 9, seeded()))
    assert [len(b) for b in batches] == [5] * 9
    first, second = torch.cat(batches[:4]), torch.cat(batches[4:8])
    for epoch in (first, second):
        assert len(epoch.unique()) == 20
    assert not torch.equal(first, second)
    again = torch.cat(list(minibatches(x, 5, 9, seeded())))
    assert torch.equal(torch.cat(batches), again)
    assert len(next(minibatches(x, 100, 1))) == 23
    with pytest.raises(ValueError, match="steps is 0"):
        minibatches(x, 5, 0)


def test_loaders_with_and_without_labels_are_read_alike():
    x, y = torch.randn(6, 2), torch.zeros(6)
    pairs = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=3)
    for loader in (pairs, x.split(3)):
        assert torch.equal(torch.cat(list(inputs(loader))), x)


# Devices and bad input


def test_on_meta():
    x = torch.empty(4, 1, 3, 2, device="meta")
    model = Autoencoder(6, 2).to("meta")
    for noisy in (gaussian_noise(x, 1.0), masking_noise(x, 0.5)):
        assert denoising_loss(model, x, noisy).device.type == "meta"
    assert sparse_loss(model, x, 0.1).shape == ()


def test_bad_input():
    x = torch.randn(4, 6)
    with pytest.raises(ValueError, match="x_hat has shape"):
        reconstruction_loss(x, x[:, :3])
    with pytest.raises(ValueError, match="x_noisy has shape"):
        denoising_loss(Autoencoder(6, 2), x, x[:2])
    with pytest.raises(ValueError, match="NaN"):
        masking_noise(x * math.nan, 0.5)
    with pytest.raises(ValueError, match=r"x is torch\.int64"):
        gaussian_noise(x.long(), 0.5)
    with pytest.raises(ValueError, match="x has shape"):
        sparse_loss(Autoencoder(6, 2), x[:0], 0.1)


def test_the_loss_of_data_without_axes():
    x, x_hat = torch.tensor([1.0, 2.0]), torch.tensor([0.0, 5.0])
    assert reconstruction_loss(x, x_hat) == 5
