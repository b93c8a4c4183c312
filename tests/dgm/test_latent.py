"""Latent diffusion: the same functions on other tensors."""

import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence
from torch.testing import assert_close

from dgm.data.batches import minibatches
from dgm.ddpm import ddim_sample, ddpm_loss, ddpm_sample
from dgm.latent import (
    FirstStage,
    encode_latents,
    first_stage_loss,
    first_stage_train,
    latent_loss,
    latent_sample,
    latent_scale,
)
from dgm.nn.unet import UNet
from dgm.schedule import NoiseSchedule

SCHEDULE = NoiseSchedule.cosine(10)


class Identity:
    """A first stage that leaves everything as it is."""

    def encode(self, x):
        return x, torch.zeros_like(x)

    def decode(self, z):
        return z


class Doubling(Identity):
    """A first stage with codes twice as large, and 3 more."""

    def encode(self, x):
        return 2 * x + 3, torch.zeros_like(x)

    def decode(self, z):
        return (z - 3) / 2


@pytest.mark.parametrize("predicts", ["eps", "v"])
@pytest.mark.parametrize("clip", [None, (-1.0, 1.0)])
@pytest.mark.parametrize("steps", [None, 4])
def test_with_the_identity_it_is_the_pixel_pipeline_bit_for_bit(predicts, clip, steps):
    model, shape = UNet(width=8).eval(), (2, 1, 8, 8)
    g, options = torch.Generator(), dict(predicts=predicts, clip=clip)
    got = latent_sample(
        model, Identity(), SCHEDULE, shape, 1.0, g.manual_seed(5), steps=steps, **options
    )
    if steps is None:
        wanted = ddpm_sample(model, SCHEDULE, shape, g.manual_seed(5), **options)
    else:
        wanted = ddim_sample(model, SCHEDULE, shape, steps, generator=g.manual_seed(5), **options)
    assert torch.equal(got, wanted)


@pytest.mark.parametrize("predicts", ["eps", "v"])
def test_with_the_identity_training_is_the_same_bit_for_bit(predicts):
    model, x, g = UNet(width=8), torch.randn(5, 1, 8, 8), torch.Generator()
    got = latent_loss(model, Identity(), x, SCHEDULE, 1.0, g.manual_seed(2), predicts=predicts)
    wanted = ddpm_loss(model, x, SCHEDULE, g.manual_seed(2), predicts=predicts)
    assert torch.equal(got, wanted)


def test_the_loss_is_that_of_the_scaled_mean_codes_and_spares_the_first_stage():
    stage, model, g = FirstStage(width=8), UNet(4, width=8), torch.Generator()
    x = torch.rand(3, 1, 16, 24) * 2 - 1
    got = latent_loss(model, stage, x, SCHEDULE, 0.3, g.manual_seed(4))
    wanted = ddpm_loss(model, 0.3 * stage.encode(x)[0].detach(), SCHEDULE, g.manual_seed(4))
    assert_close(got, wanted)
    got.backward()
    assert all(p.grad is None for p in stage.parameters())
    assert any(p.grad is not None and p.grad.any() for p in model.parameters())


@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_samples_are_decoded_from_latents_without_the_scale(eta):
    model, g = UNet(width=8).eval(), torch.Generator()
    z = ddim_sample(model, SCHEDULE, (2, 1, 8, 8), 3, eta, g.manual_seed(1))
    got = latent_sample(
        model, Doubling(), SCHEDULE, (2, 1, 8, 8), 0.25, g.manual_seed(1), steps=3, eta=eta
    )
    assert_close(got, (4 * z - 3) / 2)
    assert not got.requires_grad


def test_encoding_and_decoding_undo_each_other():
    x = torch.randn(6, 1, 4, 4).double()
    z = encode_latents(Doubling(), x, 0.3)
    assert_close(z, 0.3 * (2 * x + 3))
    point = ddim_sample(lambda zt, t: z, SCHEDULE, z.shape, 5, predicts="x0", dtype=z.dtype)
    assert_close(Doubling().decode(point / 0.3), x)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_scaled_latents_have_variance_one(dtype):
    stage, x = FirstStage(width=8).to(dtype), torch.rand(50, 1, 28, 28, dtype=dtype) * 2 - 1
    scale = latent_scale(stage, x)
    z = encode_latents(stage, x, scale)
    assert abs(scale - 1) > 0.1
    assert z.dtype == dtype
    assert z.double().var(correction=0).item() == pytest.approx(1, abs=1e-6)


def test_the_scale_is_one_over_the_deviation_of_all_entries():
    x = torch.tensor([[[[0.0, 1.0]]], [[[2.0, 5.0]]]])  # codes 3, 5, 7, 13: mean 7, variance 14
    assert latent_scale(Doubling(), x) == pytest.approx(1 / math.sqrt(14))


def test_latents_are_the_same_however_many_are_encoded():
    stage, x = FirstStage(width=8).double(), torch.rand(2003, 1, 4, 4).double()
    z = encode_latents(stage, x, 2.0)
    assert not z.requires_grad
    for i in (0, 999, 1000, 2002):
        assert_close(z[i : i + 1], 2 * stage.encode(x[i : i + 1])[0])


def test_the_code_of_a_picture_of_clothes():
    stage, x = FirstStage(), torch.rand(2, 1, 28, 28)
    mu, logvar = stage.encode(x)
    assert mu.shape == logvar.shape == (2, 4, 7, 7)
    assert stage(x).shape == x.shape
    assert_close(stage(x), stage.decode(mu))


def test_other_sizes():
    stage = FirstStage(3, 8, 8, (1, 2, 4))
    mu, _ = stage.encode(torch.rand(2, 3, 48, 32))
    assert mu.shape == (2, 8, 6, 4)
    assert stage.decode(mu).shape == (2, 3, 48, 32)
    assert FirstStage(1, 2, 8, (1,))(torch.rand(1, 1, 6, 4)).shape == (1, 1, 6, 4)


def test_it_runs_without_data():
    stage = FirstStage().to("meta")
    x = torch.empty(2, 1, 28, 28, device="meta")
    assert stage(x).shape == x.shape
    assert first_stage_loss(stage, x).shape == ()
    assert encode_latents(stage, x, 2.0).shape == (2, 4, 7, 7)


@pytest.mark.parametrize("kl_weight", [0.0, 1e-3, 2.0])
def test_the_loss_is_its_formula(kl_weight):
    stage, x = FirstStage(width=8).double(), torch.rand(3, 1, 8, 8).double()
    g = torch.Generator()
    got = first_stage_loss(stage, x, kl_weight, g.manual_seed(3))
    mu, logvar = stage.encode(x)
    eps = torch.randn(mu.shape, generator=g.manual_seed(3), dtype=mu.dtype)
    q = Normal(mu, (logvar / 2).exp())
    kl = kl_divergence(q, Normal(0.0, 1.0)).sum((1, 2, 3))
    error = (stage.decode(mu + q.scale * eps) - x).square().sum((1, 2, 3))
    assert_close(got, (error + kl_weight * kl).mean())


def test_every_parameter_matters():
    stage = FirstStage(width=8)
    first_stage_loss(stage, torch.rand(3, 1, 8, 8)).backward()
    assert all(p.grad.any() for p in stage.parameters())


def test_training_lowers_the_loss_and_the_kl_shrinks_the_code():
    g = torch.Generator().manual_seed(0)
    u, v = torch.rand(2, 256, 1, 1, 1, generator=g) * 2 - 1
    x = torch.cat([u.expand(-1, 1, 8, 4), v.expand(-1, 1, 8, 4)], 3)  # two grey halves
    sizes = []
    for kl_weight in (1e-3, 100.0):
        torch.manual_seed(0)
        stage = FirstStage(width=8)
        optimizer = torch.optim.Adam(stage.parameters(), 5e-3)
        data = minibatches(x, 32, 80, g)
        losses = list(first_stage_train(stage, data, optimizer, kl_weight, g))
        sizes.append(stage.encode(x)[0].square().mean().item())
        if kl_weight < 1:
            assert sum(losses[-5:]) < sum(losses[:5]) / 3
    assert sizes[1] < sizes[0] / 10


@pytest.mark.parametrize("scale", [0.0, -1.0, math.inf, math.nan])
def test_a_scale_must_be_above_zero(scale):
    for call in (
        lambda: encode_latents(Identity(), torch.ones(2, 1, 4, 4), scale),
        lambda: latent_loss(lambda z, t: z, Identity(), torch.ones(2, 1), SCHEDULE, scale),
        lambda: latent_sample(lambda z, t: z, Identity(), SCHEDULE, (2, 1, 4, 4), scale),
    ):
        with pytest.raises(ValueError, match="wanted a number above 0, as latent_scale gives"):
            call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: latent_scale(Identity(), torch.ones(2, 1, 4, 4)), "wanted some that differ"),
        (lambda: latent_scale(Identity(), torch.ones(0, 1, 4, 4)), "is empty"),
        (lambda: FirstStage().encode(torch.ones(2, 1, 30, 28)), "H and W multiples of 4"),
        (lambda: FirstStage().encode(torch.ones(2, 3, 28, 28)), r"wanted \(B, 1, H, W\)"),
        (lambda: FirstStage().decode(torch.ones(2, 3, 7, 7)), r"wanted \(B, 4, h, w\)"),
        (lambda: first_stage_loss(Identity(), torch.ones(2, 1), -1.0), "kl_weight is -1.0"),
        (
            lambda: latent_sample(lambda z, t: z, Identity(), SCHEDULE, (2, 1), 1.0, steps=11),
            "steps is 11, wanted 1 to T=10",
        ),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
