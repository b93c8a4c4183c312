"""The image GAN that ships, and the record of its training."""

import pytest
import torch

from dgm.nn.networks import Classifier
from dgm.zoo import classifier, gan
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.gan import ImageGAN, classes


def small():
    torch.manual_seed(0)
    return ImageGAN(latent_dim=4, width=2)


def test_the_record_says_what_was_seen_and_when():
    model, g = small(), torch.Generator().manual_seed(0)
    x = torch.rand(70, 1, 28, 28, generator=g) * 2 - 1
    losses = list(gan.train(model, x, torch.zeros(70), 5, g, Checkpoint()))
    assert len(losses) == 5
    assert model.frame_steps[[0, -1]].tolist() == [1, 5]
    assert model.curve_steps[[0, -1]].tolist() == [1, 5]
    assert (model.frame_steps.diff() >= 0).all()
    assert not torch.equal(model.frames[0], model.frames[-1])
    with torch.no_grad():  # the last point is of the networks as they are now
        z = torch.randn(64, 4, generator=torch.Generator().manual_seed(0))
        x_fake = model.net_g(z)
        assert model.d_real[-1].item() == pytest.approx(model.net_d(x).sigmoid().mean().item())
        assert model.d_fake[-1].item() == pytest.approx(model.net_d(x_fake).sigmoid().mean().item())
    assert ((model.frames[-1].float() / 127.5 - 1 - x_fake[:16, 0]).abs() < 0.005).all()
    assert not model.state_dict()["frames"].is_floating_point()  # as small as it can be shipped


def test_measures_are_of_samples_that_are_always_the_same(monkeypatch):
    model, judge = small().eval(), Classifier().eval()
    monkeypatch.setattr(classifier, "pretrained", lambda: judge)
    x = torch.randn(50, 1, 28, 28, generator=torch.Generator().manual_seed(0)).clamp(-1, 1)
    found = gan.measure(model, x, torch.zeros(50))
    assert found == gan.measure(model, x, torch.zeros(50))
    with torch.no_grad():
        wanted = model.net_d(x).sigmoid().mean().item()
        share = classes(judge(model.sample(50, torch.Generator().manual_seed(0))))
    assert found["d_on_test_images"] == pytest.approx(wanted)
    assert found["largest_class"] == pytest.approx(share.max().item())
    assert found["classes_of_1_percent_or_more"] == (share >= 0.01).sum()


def test_shares_of_classes():
    logits = torch.tensor([[0.0, 1.0, 0.0], [3.0, 1.0, 0.0], [0.0, 5.0, 0.0], [0.0, 1.0, 0.5]])
    assert torch.equal(classes(logits), torch.tensor([0.25, 0.75, 0.0]))
