"""The command that makes the weights, on data made up here."""

import numpy as np
import pytest
import torch

from dgm import train
from dgm.nn.learning_rate import optimizer_of
from dgm.zoo.models import MODELS, Recipe, recipe_of
from dgm.zoo.weights import load_weights, read_card, save_weights


@pytest.fixture(autouse=True)
def made_up_data(tmp_path, monkeypatch):
    """Fashion-MNIST of noise: 300 images to train on, 40 to test on."""
    monkeypatch.setenv("DGM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    rng = np.random.default_rng(0)
    for split, n in (("train", 300), ("test", 40)):
        x = rng.integers(0, 256, (n, 1, 28, 28), dtype=np.uint8)
        np.savez(
            tmp_path / "cache" / f"fashion_mnist-{split}.npz",
            x=x,
            y=np.arange(n, dtype=np.uint8) % 10,
        )


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """What other recipes need: judges, and models to build on; untrained."""
    folder = tmp_path / "shipped"
    for name in ("classifier", "first_stage", "object_classifier", "ddpm_classes"):
        save_weights(name, MODELS[name].build(), {}, folder)
    monkeypatch.setattr("dgm.zoo.weights.FOLDER", folder)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_each_name_trains_and_writes_weights_and_card(name, tmp_path, shipped, capsys):
    out, small = tmp_path / "out", ["--small"] * (name == "ddpm")
    train.main([name, "--steps", "3", "--seed", "5", "--out", str(out), *small])
    card = read_card(name, out)
    assert card["command"] == " ".join([f"python -m dgm.train {name} --seed 5 --steps 3", *small])
    assert (card["steps"], card["seed"], card["data"]) == (3, 5, "fashion_mnist")
    assert card["metrics"]
    recipe = recipe_of(name, small=bool(small))
    model = load_weights(name, recipe.build(), out)
    x, y = train.load("fashion_mnist", "test")
    again = recipe.measure(model, x, y)  # the card is of the weights as they ship
    assert train.rounded(again) == card["metrics"]
    assert "MB after 3 steps" in capsys.readouterr().out


def test_the_same_seed_makes_the_same_weights(tmp_path):
    for out, seed in (("a", 1), ("b", 1), ("c", 2)):
        train.main(
            ["autoencoder_2d", "--steps", "2", "--seed", str(seed), "--out", str(tmp_path / out)]
        )
    a, b, c = (read_card("autoencoder_2d", tmp_path / out)["sha256"] for out in "abc")
    assert a == b
    assert a != c


def test_an_interrupted_training_leaves_what_was_there(tmp_path, monkeypatch):
    train.main(["autoencoder_2d", "--steps", "1", "--out", str(tmp_path)])
    before = read_card("autoencoder_2d", tmp_path)["sha256"]

    def breaks(model, x, y, steps, generator, checkpoint):
        yield 1.0
        raise KeyboardInterrupt

    old = MODELS["autoencoder_2d"]
    recipe = Recipe(old.about, old.build, breaks, old.measure, old.steps)
    monkeypatch.setitem(MODELS, "autoencoder_2d", recipe)
    with pytest.raises(SystemExit):
        train.main(["autoencoder_2d", "--steps", "9", "--out", str(tmp_path)])
    load_weights("autoencoder_2d", old.build(), tmp_path)
    assert read_card("autoencoder_2d", tmp_path)["sha256"] == before


def test_minutes_end_a_training(tmp_path):
    train.main(["autoencoder", "--minutes", "0", "--out", str(tmp_path)])
    assert read_card("autoencoder", tmp_path)["steps"] == 1
    assert "--minutes 0.0" in read_card("autoencoder", tmp_path)["command"]


def test_help_lists_each_name_and_an_example(capsys):
    with pytest.raises(SystemExit) as stop:
        train.main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    for name, recipe in MODELS.items():
        assert f"{name} " in text
        assert recipe.about in text
    assert "examples:" in text


def test_weights_of_other_data_do_not_replace_those_that_ship(tmp_path, monkeypatch, shipped):
    monkeypatch.chdir(tmp_path)
    train.main(["ddpm", "--data", "digits", "--small", "--steps", "1"])
    assert read_card("ddpm_digits", tmp_path / "weights")["data"] == "digits"


def test_data_that_is_not_there_is_told_in_words(tmp_path, monkeypatch):
    def nowhere(name, split):
        raise FileNotFoundError(f"{name} is not on this machine")

    monkeypatch.setattr(train, "load", nowhere)
    with pytest.raises(SystemExit, match="error: cifar10 is not on this machine"):
        train.main(["ddpm", "--data", "cifar10", "--out", str(tmp_path)])


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["vae", "--steps", "0"],
        ["vae", "--data", "x"],
        ["vae", "--data", "digits"],
        ["ddpm", "--data", "mnist"],
        ["vae", "--small"],
        ["vae", "--device", "cuda"],
        ["ddpm", "--device", "abacus"],
        [],
    ],
)
def test_a_wrong_command_says_so(words, capsys):
    with pytest.raises(SystemExit) as stop:
        train.main(words)
    assert stop.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_learning_rate_falls_to_nothing_along_a_cosine():
    optimizer, lowering = optimizer_of(torch.nn.Linear(1, 1), 0.4, 4)
    rates = [optimizer.param_groups[0]["lr"] for _ in lowering(iter([1.0] * 4))]
    assert rates == pytest.approx([0.4 * (2 + 2**0.5) / 4, 0.2, 0.4 * (2 - 2**0.5) / 4, 0])
