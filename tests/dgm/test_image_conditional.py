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
from dgm.train import train
from dgm.zoo import conditional_training, image_conditional
from dgm.zoo.checkpoints import Keep
from dgm.zoo.conditional_training import (
    train_captions,
    train_classes,
    train_control,
    train_object_classifier,
)
from dgm.zoo.image_conditional import (
    CAPTIONS,
    CLASSES,
    CONTROL,
    NO_CLASS,
    Steered,
    attributes_right,
    build_captions,
    build_classes,
    build_object_classifier,
    measure_captions,
    measure_classes,
    measure_control,
    measure_object_classifier,
    sample_captions,
    sample_classes,
    sample_controlled,
)
from dgm.zoo.recipes import Recipe

STEPS = 2  # of DDIM


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
    return stirred(build_classes(CLASSES.small())).eval()


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
    monkeypatch.setattr(conditional_training, "DROPPED", dropped)
    model, (x, y) = classes_model(), items()
    before = model.label.weight.clone()
    assert len(list(train_classes(CLASSES.small(), model, x, y, 6, seeded(), Keep()))) == 6
    learnt = ((model.label.weight - before).abs() > 1e-5).any(1)
    wanted = torch.arange(11) == NO_CLASS
    assert torch.equal(learnt, wanted if dropped else ~wanted)
    assert not model.training


def test_classes_that_fit_their_images(monkeypatch):
    seen = []

    def noting(model, loader, *args, **kwargs):
        seen.extend(loader)
        return iter(())

    monkeypatch.setattr(conditional_training, "conditional_train", noting)
    x, y = items()
    list(train_classes(CLASSES.small(), classes_model(), x, y, 3, seeded(), Keep()))
    list(train_control(CONTROL.small(), Steered(classes_model()), x, y, 3, seeded(), Keep()))
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

    monkeypatch.setattr(conditional_training, "captioned_images", noting)
    monkeypatch.setattr(conditional_training, "conditional_train", reading)
    settings = CAPTIONS.small()
    list(train_captions(settings, build_captions(settings), *items(), 20, seeded(), Keep()))
    assert len({tuple(s) for _, scenes, _ in drawn for s in scenes.tolist()}) > 80
    for (images, scenes, texts), (x, tokens) in zip(drawn, told, strict=True):
        assert not held_out(scenes).any()
        assert torch.equal(images, x)
        assert torch.equal(tokenizer().encode(texts), tokens)


def test_of_a_captioned_network_both_parts_learn():
    settings = CAPTIONS.small()
    model = stirred(build_captions(settings))
    before = parts(model)
    list(train_captions(settings, model, *items(), 4, seeded(), Keep()))
    learnt = changed(model, before)
    assert {name.split(".")[0] for name in learnt} == {"unet", "encoder"}
    assert len(learnt) > 0.9 * len(before)


def test_a_training_that_was_stopped_goes_on_bit_for_bit(tmp_path):
    settings, (x, y) = CAPTIONS.small(), items()

    def nothing(*args):
        raise AssertionError

    trainings = {
        "classes": (classes_model, partial(train_classes, CLASSES.small())),
        "captions": (partial(build_captions, settings), partial(train_captions, settings)),
        "objects": (build_object_classifier, train_object_classifier),
        "control": (lambda: Steered(classes_model()), partial(train_control, CONTROL.small())),
    }
    for name, (build, training) in trainings.items():
        recipe = Recipe(name, build, training, nothing, steps=3)
        whole, _ = train(recipe, x, y)
        for done in range(3):
            keep = Keep(tmp_path / name)
            assert keep.step == done
            pieces, _ = train(recipe, x, y, minutes=0 if done < 2 else None, keep=keep)
        pairs = zip(whole.parameters(), pieces.parameters(), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs), name


def test_objects_are_learnt_from_what_is_cut_out():
    torch.manual_seed(0)
    model, (x, y) = build_object_classifier(), items()
    list(train_object_classifier(model, x, y, 25, seeded(), Keep()))
    found = measure_object_classifier(model.eval(), *items(100))
    assert sorted(found) == ["accuracy", "accuracy_never_seen", "all_three", "all_three_never_seen"]
    assert min(found["accuracy"], found["accuracy_never_seen"]) > 0.8
    assert found == measure_object_classifier(model, *items(100))


# A control


def test_only_the_branch_learns_and_only_the_branch_ships():
    model, (x, y) = Steered(classes_model()), items()
    before = parts(model)
    list(train_control(CONTROL.small(), model, x, y, 3, seeded(), Keep()))
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
    alone = sample_classes(unet, y, 1.0, seeded(), steps=STEPS)
    model = Steered(unet)
    steered = partial(sample_controlled, model, y, edges(x), 1.0, steps=STEPS)
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
        found = sample_classes(model, y, w, seeded(), steps=1)
        free = (told.abs() < 0.999) & (untold.abs() < 0.999)
        assert_close(found[free], wanted[free], rtol=1e-6, atol=1e-6)


def test_samples_come_in_parts_of_their_own_conditions(monkeypatch):
    model, y = classes_model(), torch.arange(7)
    control = edges(items(7)[0])
    monkeypatch.setattr(image_conditional, "AT_ONCE", 3)
    g = seeded()
    wanted = torch.cat([sample_classes(model, part, 0.5, g, steps=STEPS) for part in y.split(3)])
    assert wanted.shape == (7, 1, 28, 28)
    assert torch.equal(sample_classes(model, y, 0.5, seeded(), steps=STEPS), wanted)
    found = sample_controlled(Steered(model), y, control, 0.5, seeded(), steps=STEPS)
    assert torch.equal(found, wanted)


def test_a_picture_for_each_caption():
    model = stirred(build_captions(CAPTIONS.small())).eval()
    captions = ["a red bag at the center", "at the top left trousers in blue", ""]
    x = sample_captions(model, captions, 1.0, seeded(), steps=STEPS)
    assert x.shape == (3, 3, 28, 28)
    other = ["a red bag at the center", "at the top left trousers in white", ""]
    y = sample_captions(model, other, 1.0, seeded(), steps=STEPS)
    same = (x - y).abs().amax((1, 2, 3)) < 1e-5
    assert same.tolist() == [True, False, True]
    with pytest.raises(ValueError, match="unknown words: pink"):
        sample_captions(model, ["a pink bag at the center"])


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
    for sample in (sample_classes, sample_captions, sample_controlled):
        monkeypatch.setitem(sample.__kwdefaults__, "steps", STEPS)
    x, y = items(20)
    model, clothes, judge = classes_model(), Classifier().eval(), Classifier(8).eval()
    steered = Steered(model)
    for _ in range(2):
        found = measure_classes(model, x, y, clothes)
        wanted = sample_classes(model, y, 1.0, seeded(), steps=STEPS)
        share = (clothes(wanted).argmax(1) == y).float().mean().item()
        assert found["class_accuracy_w1"] == share
        controlled = measure_control(steered, x, y, clothes)
        assert controlled["edge_agreement"] == controlled["edge_agreement_without_control"]
        assert controlled["class_accuracy"] == found["class_accuracy"]
    captioned = stirred(build_captions(CAPTIONS.small())).eval()
    said = measure_captions(captioned, x, y, judge)
    assert len(said) == 8
    assert said == measure_captions(captioned, x, y, judge)
    for ending in ("", "_never_seen"):
        assert said["all" + ending] <= min(said[a + ending] for a in ("object", "colour", "place"))
