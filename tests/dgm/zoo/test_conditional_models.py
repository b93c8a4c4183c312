"""Conditional diffusion of images: what is trained, on what, and what is asked of it."""

from functools import partial

import pytest
import torch
from torch.testing import assert_close

from dgm.controlnet import edges
from dgm.data.captions import OBJECTS, captioned_images, draw_scenes, held_out, render, tokenizer
from dgm.ddpm import ddim_sample
from dgm.guidance import given
from dgm.nn.networks import Classifier
from dgm.schedule import NoiseSchedule
from dgm.zoo import classifier, controlnet, ddpm_captions, ddpm_classes, object_classifier, settings
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.controlnet import Steered
from dgm.zoo.ddpm_classes import NO_CLASS
from dgm.zoo.models import Recipe
from dgm.zoo.object_classifier import attributes_right
from dgm.zoo.training import train

STEPS = 2  # of DDIM


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Narrow networks and small batches."""
    for module in (ddpm_classes, ddpm_captions, controlnet):
        monkeypatch.setattr(module, "SETTINGS", module.SETTINGS.small())


def seeded(n=0):
    return torch.Generator().manual_seed(n)


def items(n=40):
    """Pictures of ten classes: a block in the middle, from narrow and tall to wide and low."""
    y = torch.arange(n) % 10
    x = torch.full((n, 1, 28, 28), -1.0)
    for picture, k in zip(x[:, 0], y.tolist(), strict=True):
        picture[2 + k : 26 - k, 11 - k : 17 + k] = 1
    return x, y


def classes_model():
    """With random numbers wherever a new network has zeros: else it says nothing."""
    torch.manual_seed(0)
    return stirred(ddpm_classes.build()).eval()


def stirred(model):
    for p in model.parameters():
        if not p.any():
            torch.nn.init.normal_(p, std=0.05)
    return model


def parts(model):
    return {name: p.clone() for name, p in model.named_parameters()}


def changed(model, before):
    return {n for n, p in model.named_parameters() if not torch.equal(p, before[n])}


# Training


@pytest.mark.parametrize("dropped", [0.0, 1.0])
def test_a_class_or_none_is_what_the_network_is_told(dropped, monkeypatch):
    monkeypatch.setattr(ddpm_classes, "DROPPED", dropped)
    model, (x, y) = classes_model(), items()
    before = model.label.weight.clone()
    assert len(list(ddpm_classes.train(model, x, y, 6, seeded(), Checkpoint()))) == 6
    learnt = ((model.label.weight - before).abs() > 1e-5).any(1)
    wanted = torch.arange(11) == NO_CLASS
    assert torch.equal(learnt, wanted if dropped else ~wanted)
    assert not model.training


def test_classes_that_fit_their_images(monkeypatch):
    seen = []

    def noting(model, loader, *args, **kwargs):
        seen.extend(loader)
        return iter(())

    for module in (ddpm_classes, controlnet):
        monkeypatch.setattr(module, "conditional_train", noting)
    x, y = items()
    list(ddpm_classes.train(classes_model(), x, y, 3, seeded(), Checkpoint()))
    list(controlnet.train(Steered(classes_model()), x, y, 3, seeded(), Checkpoint()))
    assert len(seen) == 6
    for images, labels, *control in seen:
        assert torch.equal(images, x[labels])  # of a class, all are the same here
        assert all(torch.equal(c, edges(images)) for c in control)
    assert [len(batch) for batch in seen] == [2, 2, 2, 3, 3, 3]


def test_captions_are_of_their_images_and_never_of_those_held_out(monkeypatch):
    drawn, told = [], []

    def noting(*args, **kwargs):
        drawn.append(captioned_images(*args, **kwargs))
        return drawn[-1]

    def reading(model, loader, *args, **kwargs):
        told.extend(loader)
        return iter(())

    monkeypatch.setattr(ddpm_captions, "captioned_images", noting)
    monkeypatch.setattr(ddpm_captions, "conditional_train", reading)
    list(ddpm_captions.train(ddpm_captions.build(), *items(), 20, seeded(), Checkpoint()))
    assert len({tuple(s) for _, scenes, _ in drawn for s in scenes.tolist()}) > 80
    for (images, scenes, texts), (x, tokens) in zip(drawn, told, strict=True):
        assert not held_out(scenes).any()
        assert torch.equal(images, x)
        assert torch.equal(tokenizer().encode(texts), tokens)


def test_of_a_captioned_network_both_parts_learn():
    model = stirred(ddpm_captions.build())
    before = parts(model)
    list(ddpm_captions.train(model, *items(), 4, seeded(), Checkpoint()))
    learnt = changed(model, before)
    assert {name.split(".")[0] for name in learnt} == {"unet", "encoder"}
    assert len(learnt) > 0.9 * len(before)


def test_a_training_that_was_stopped_goes_on_bit_for_bit(tmp_path):
    x, y = items()

    def nothing(*args):
        raise AssertionError

    trainings = {
        "classes": (classes_model, ddpm_classes.train),
        "captions": (ddpm_captions.build, ddpm_captions.train),
        "objects": (object_classifier.build, object_classifier.train),
        "control": (lambda: Steered(classes_model()), controlnet.train),
    }
    for name, (build, training) in trainings.items():
        recipe = Recipe(name, build, training, nothing, steps=3)
        whole, _ = train(recipe, x, y)
        for done in range(3):
            checkpoint = Checkpoint(tmp_path / name)
            assert checkpoint.step == done
            pieces, _ = train(recipe, x, y, minutes=0 if done < 2 else None, checkpoint=checkpoint)
        pairs = zip(whole.parameters(), pieces.parameters(), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs), name


def test_objects_are_learnt_from_what_is_cut_out():
    torch.manual_seed(0)
    model, (x, y) = object_classifier.build(), items()
    list(object_classifier.train(model, x, y, 25, seeded(), Checkpoint()))
    found = object_classifier.measure(model.eval(), *items(100))
    assert sorted(found) == ["accuracy", "accuracy_never_seen", "all_three", "all_three_never_seen"]
    assert min(found["accuracy"], found["accuracy_never_seen"]) > 0.8
    assert found == object_classifier.measure(model, *items(100))


# A control


def test_only_the_branch_learns_and_only_the_branch_ships():
    model, (x, y) = Steered(classes_model()), items()
    before = parts(model)
    list(controlnet.train(model, x, y, 3, seeded(), Checkpoint()))
    learnt = changed(model, before)
    assert {name.split(".")[0] for name in learnt} == {"branch"}
    assert {"branch.middle.weight", "branch.copy.first.weight"} <= learnt
    assert model.state_dict().keys() == model.branch.state_dict().keys()
    again = Steered(classes_model())
    again.load_state_dict(model.state_dict())
    assert not changed(again, parts(model))


def test_before_training_the_control_changes_nothing():
    unet = classes_model()
    x, y = items(7)
    alone = ddpm_classes.sample(unet, y, 1.0, seeded(), steps=STEPS)
    model = Steered(unet)
    steered = partial(controlnet.sample, model, y, edges(x), 1.0, steps=STEPS)
    assert torch.equal(steered(seeded()), alone)
    stirred(model.branch)
    assert not torch.allclose(steered(seeded()), alone, atol=1e-3)


# Samples


def test_guidance_is_between_the_class_and_none_and_beyond():
    model, y = classes_model().double(), torch.tensor([3, 0, 9])
    settings = {"steps": 1, "predicts": "v", "clip": (-1.0, 1.0)}
    none = torch.full_like(y, NO_CLASS)
    told, untold = (
        ddim_sample(
            given(model, c), NoiseSchedule.cosine(), (3, 1, 28, 28), generator=seeded(), **settings
        )
        for c in (y, none)
    )
    assert not torch.allclose(told, untold, atol=1e-4)
    for w in (0.0, -1.0, 0.5):
        # in one step a sample is linear in the prediction, up to the clipping
        wanted = ((1 + w) * told - w * untold).clamp(-1, 1)
        found = ddpm_classes.sample(model, y, w, seeded(), steps=1)
        free = (told.abs() < 0.999) & (untold.abs() < 0.999)
        assert_close(found[free], wanted[free], rtol=1e-6, atol=1e-6)


def test_samples_come_in_parts_of_their_own_conditions(monkeypatch):
    model, y = classes_model(), torch.arange(7)
    control = edges(items(7)[0])
    monkeypatch.setattr(settings, "AT_ONCE", 3)
    g = seeded()
    wanted = torch.cat(
        [ddpm_classes.sample(model, part, 0.5, g, steps=STEPS) for part in y.split(3)]
    )
    assert wanted.shape == (7, 1, 28, 28)
    assert torch.equal(ddpm_classes.sample(model, y, 0.5, seeded(), steps=STEPS), wanted)
    found = controlnet.sample(Steered(model), y, control, 0.5, seeded(), steps=STEPS)
    assert torch.equal(found, wanted)


def test_a_picture_for_each_caption():
    model = stirred(ddpm_captions.build()).eval()
    captions = ["a red bag at the center", "at the top left trousers in blue", ""]
    x = ddpm_captions.sample(model, captions, 1.0, seeded(), steps=STEPS)
    assert x.shape == (3, 3, 28, 28)
    other = ["a red bag at the center", "at the top left trousers in white", ""]
    y = ddpm_captions.sample(model, other, 1.0, seeded(), steps=STEPS)
    same = (x - y).abs().amax((1, 2, 3)) < 1e-5
    assert same.tolist() == [True, False, True]
    with pytest.raises(ValueError, match="unknown words: pink"):
        ddpm_captions.sample(model, ["a pink bag at the center"])


# Measures


def test_each_attribute_is_judged_by_itself():
    x, _ = items()
    scenes = torch.cat([draw_scenes(10, seen, seeded()) for seen in (True, False)])
    classes = torch.tensor(list(OBJECTS.values()))[scenes[:, 0]]
    images = render(x[classes], scenes, seeded())

    def judge(things):
        assert things.shape == (20, 1, 28, 28)
        return torch.eye(8)[scenes[:, 0]]

    assert attributes_right(images, scenes, judge).all()
    for column, size in enumerate((8, 6, 5)):
        said = scenes.clone()
        said[:, column] = (said[:, column] + 1) % size
        wanted = torch.arange(3).expand(20, 3) != column
        assert torch.equal(attributes_right(images, said, judge), wanted)


def test_measures_are_of_samples_that_are_always_the_same(monkeypatch):
    for sample in (ddpm_classes.sample, ddpm_captions.sample, controlnet.sample):
        monkeypatch.setitem(sample.__kwdefaults__, "steps", STEPS)
    x, y = items(20)
    model, clothes, judge = classes_model(), Classifier().eval(), Classifier(8).eval()
    monkeypatch.setattr(classifier, "pretrained", lambda: clothes)
    monkeypatch.setattr(object_classifier, "pretrained", lambda: judge)
    steered = Steered(model)
    for _ in range(2):
        found = ddpm_classes.measure(model, x, y)
        wanted = ddpm_classes.sample(model, y, 1.0, seeded(), steps=STEPS)
        share = (clothes(wanted).argmax(1) == y).float().mean().item()
        assert found["class_accuracy_w1"] == share
        controlled = controlnet.measure(steered, x, y)
        assert controlled["edge_agreement"] == controlled["edge_agreement_without_control"]
        assert controlled["class_accuracy"] == found["class_accuracy"]
    captioned = stirred(ddpm_captions.build()).eval()
    said = ddpm_captions.measure(captioned, x, y)
    assert len(said) == 8
    assert said == ddpm_captions.measure(captioned, x, y)
    for ending in ("", "_never_seen"):
        assert said["all" + ending] <= min(said[a + ending] for a in ("object", "colour", "place"))
