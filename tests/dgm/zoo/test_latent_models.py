"""The latent diffusion model that ships: what is learnt is scaled, what comes out is decoded."""

import pytest
import torch
from torch.testing import assert_close

from dgm.latent import FirstStage, encode_latents, latent_sample
from dgm.nn.networks import Classifier
from dgm.zoo import classifier, ddpm, first_stage, ldm
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.first_stage import reconstructions
from dgm.zoo.ldm import LatentUNet


@pytest.fixture
def stage():
    torch.manual_seed(0)
    return FirstStage(width=4).eval()


@pytest.fixture
def x():
    g = torch.Generator().manual_seed(0)
    return torch.randn(130, 1, 28, 28, generator=g).clamp(-1, 1)


def test_the_scale_is_kept_with_the_network_and_its_latents_have_variance_1(stage, x, monkeypatch):
    seen = []

    def train(model, z, *rest):
        seen.append(z)
        return iter([0.0])

    monkeypatch.setattr(ddpm, "train", train)
    model = LatentUNet()
    g = torch.Generator().manual_seed(0)
    list(ldm.train(model, x, torch.zeros(130), 1, g, Checkpoint(), stage))
    assert seen[0].shape == (130, 4, 7, 7)
    assert seen[0].std(correction=0).item() == pytest.approx(1, rel=1e-5)
    assert torch.equal(seen[0], encode_latents(stage, x, model.scale.item()))
    assert "scale" in model.state_dict()


def test_training_moves_the_average_and_leaves_the_first_stage(stage, x):
    before = {k: v.clone() for k, v in stage.state_dict().items()}
    torch.manual_seed(0)
    model = LatentUNet()
    start = model.first.weight.clone()
    g = torch.Generator().manual_seed(0)
    losses = list(ldm.train(model, x, torch.zeros(130), 3, g, Checkpoint(), stage))
    assert len(losses) == 3
    assert not torch.equal(model.first.weight, start)
    assert model.scale.item() != 1
    assert all(torch.equal(before[k], v) for k, v in stage.state_dict().items())


def test_samples_come_in_parts_from_the_models_own_scale_or_another(stage, monkeypatch):
    torch.manual_seed(0)
    model = LatentUNet().eval()
    model.scale.fill_(0.5)
    g = torch.Generator().manual_seed(1)
    schedule = ldm.SETTINGS.schedule()
    wanted = latent_sample(model, stage, schedule, (2, 4, 7, 7), 0.5, g, steps=2, predicts="v")
    for scale, equal in ((None, True), (0.5, True), (2.0, False)):
        g = torch.Generator().manual_seed(1)
        found = ldm.sample(model, stage, 2, g, scale=scale, steps=2)
        assert torch.equal(found, wanted) == equal
    monkeypatch.setattr(ldm, "AT_ONCE", 2)
    assert ldm.sample(model, stage, 5, steps=2).shape == (5, 1, 28, 28)


def test_the_first_stage_is_measured_against_the_images_themselves(x, monkeypatch):
    class Same(FirstStage):
        def forward(self, x):
            return x

    judge = Classifier().eval()
    monkeypatch.setattr(classifier, "pretrained", lambda: judge)
    found = first_stage.measure(Same(width=4), x, torch.zeros(130))
    assert found["mse_per_pixel"] == 0
    assert found["explained_variance"] == 1
    assert found["frechet_distance_of_reconstructions"] == pytest.approx(0, abs=1e-3)
    rough = FirstStage(width=4).eval()
    found = first_stage.measure(rough, x, torch.zeros(130))
    assert_close(found["mse_per_pixel"], ((reconstructions(rough, x) - x) ** 2).mean().item())
    assert found["explained_variance"] < 1


def test_the_first_stage_learns(stage, x):
    g = torch.Generator().manual_seed(0)
    losses = list(first_stage.train(stage, x, torch.zeros(130), 12, g, Checkpoint()))
    assert losses[-1] < losses[0]
