"""The weights that ship: whole, described, small, and as good as their cards say."""

import json

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from dgm import data
from dgm.zoo.models import MODELS, pretrained
from dgm.zoo.weights import FOLDER, load_weights, read_card, save_weights, size_table
from tests.conftest import missing

LIMIT = 24_000_000  # bytes, for the whole course
NAMES = sorted(MODELS)


def saved(folder, name="thing"):
    model = nn.Linear(3, 2)
    save_weights(name, model, {"metrics": {"accuracy": 0.5}}, folder)
    return model


@pytest.fixture(scope="module")
def test_images():
    try:
        x, y = data.load("fashion_mnist", "test")
    except FileNotFoundError:
        missing("Fashion-MNIST", "dataset-fashion-mnist")
    return x, y


# What ships


def test_what_ships_is_what_the_recipes_make_and_small():
    sizes = size_table()
    assert sorted(sizes) == NAMES
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == NAMES
    assert sum(sizes.values()) <= LIMIT


@pytest.mark.parametrize("name", NAMES)
def test_card_says_what_is_asked_of_it(name):
    card = read_card(name)
    for key in ("data", "command", "seed", "minutes", "machine", "metrics", "sha256"):
        assert key in card
    assert card["command"].startswith(f"python -m dgm.train {name}")
    assert card["bytes"] == size_table()[name]
    assert "/" not in card["command"] + card["machine"]  # no path of anybody's


@pytest.mark.parametrize("name", NAMES)
def test_metrics_can_be_computed_again(name, test_images):
    model = pretrained(name)
    assert not model.training
    few = MODELS[name].few
    found = MODELS[name].measure(model, *(part[:few] for part in test_images))
    assert found == pytest.approx(read_card(name)[f"metrics_first_{few}"], rel=2e-3, abs=2e-3)


def test_metrics_are_good_enough_to_be_shown():
    cards = {name: read_card(name)["metrics"] for name in NAMES}
    assert cards["classifier"]["accuracy"] >= 0.91
    assert cards["autoencoder"]["explained_variance"] > 0.85
    assert cards["autoencoder_2d"]["explained_variance"] > 0.5
    sae = cards["sae"]
    assert sae["explained_variance"] > 0.85
    assert sae["features_active"] < 20
    assert sae["accuracy_of_the_classifier"] - sae["accuracy_from_the_code"] < 0.015
    assert cards["vae"]["iwae32_bits_per_dim_of_the_first_500"] < 4
    assert cards["vae"]["kl_nats"] > 5
    assert cards["vae_bernoulli"]["elbo_nats"] > -250
    assert 0.35 < cards["gan"]["d_on_samples"] < cards["gan"]["d_on_test_images"] < 0.65
    assert cards["gan"]["frechet_distance"] < 150
    assert cards["ddpm"]["frechet_distance"] < 30
    assert cards["first_stage"]["explained_variance"] > 0.9
    assert cards["first_stage"]["frechet_distance_of_reconstructions"] < 30
    assert cards["ldm"]["frechet_distance"] < 70
    assert cards["ddpm_classes"]["class_accuracy_w1"] > 0.9
    assert cards["object_classifier"]["accuracy_never_seen"] > 0.9
    captions = cards["ddpm_captions"]
    assert min(captions[a + b] for a in ("colour", "place") for b in ("", "_never_seen")) > 0.95
    assert captions["object"] > captions["object_never_seen"] > 0.7
    control = cards["controlnet"]
    assert control["edge_agreement"] > control["edge_agreement_without_control"] + 0.3
    assert cards["gan"]["classes_of_1_percent_or_more"] == 10


# Saving and loading


def test_what_was_saved_comes_back_in_half_precision(tmp_path):
    model = saved(tmp_path)
    again = load_weights("thing", nn.Linear(3, 2), tmp_path)
    assert_close(again.weight, model.weight, rtol=1e-3, atol=1e-3)
    assert torch.equal(again.weight, model.weight.half().float())
    assert again.weight.dtype == torch.float32
    assert load_weights("thing", nn.Linear(3, 2).double(), tmp_path).weight.dtype == torch.float64
    assert sorted(p.name for p in tmp_path.iterdir()) == ["thing.json", "thing.safetensors"]


def test_other_tensors_keep_their_dtype(tmp_path):
    model = nn.BatchNorm1d(3)
    model(torch.randn(5, 3))
    save_weights("norm", model, {}, tmp_path)
    assert load_weights("norm", nn.BatchNorm1d(3), tmp_path).num_batches_tracked == 1


def test_one_changed_byte_is_found(tmp_path):
    saved(tmp_path)
    path = tmp_path / "thing.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"SHA-256.*python -m dgm.train thing"):
        load_weights("thing", nn.Linear(3, 2), tmp_path)


def test_weights_that_are_not_there(tmp_path):
    saved(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no weights 'other' .* there are: thing"):
        load_weights("other", nn.Linear(3, 2), tmp_path)
    (tmp_path / "thing.json").unlink()
    with pytest.raises(FileNotFoundError, match="no weights 'thing'"):
        load_weights("thing", nn.Linear(3, 2), tmp_path)
    with pytest.raises(ValueError, match="name is 'other', wanted one of autoencoder"):
        pretrained("other")


def test_another_architecture_is_named(tmp_path):
    saved(tmp_path)
    with pytest.raises(ValueError, match="do not fit this Linear: they differ in bias, weight"):
        load_weights("thing", nn.Linear(3, 4), tmp_path)


def test_a_break_before_the_end_leaves_the_old_files(tmp_path, monkeypatch):
    old = saved(tmp_path)

    def breaks(*names):
        raise KeyboardInterrupt

    monkeypatch.setattr("dgm.zoo.weights.os.replace", breaks)
    with pytest.raises(KeyboardInterrupt):
        saved(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["thing.json", "thing.safetensors"]
    assert torch.equal(
        load_weights("thing", nn.Linear(3, 2), tmp_path).weight, old.weight.half().float()
    )


def test_card_without_a_number_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        save_weights("bad", nn.Linear(1, 1), {"loss": float("nan")}, tmp_path)
    assert not list(tmp_path.iterdir())
    saved(tmp_path)
    assert json.loads((tmp_path / "thing.json").read_text())["metrics"] == {"accuracy": 0.5}


@pytest.mark.parametrize("text", ["", '{"metrics": {"acc', "\xff"])
def test_a_cut_card_is_named_with_what_to_do(tmp_path, text):
    saved(tmp_path)
    (tmp_path / "thing.json").write_text(text, encoding="latin-1")
    with pytest.raises(ValueError, match=r"thing\.json is damaged .*python -m dgm\.train thing"):
        load_weights("thing", nn.Linear(3, 2), tmp_path)
