"""A training that was stopped or killed ends as one that was not."""

import os
import pickle
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from dgm import train
from dgm.data.batches import minibatches
from dgm.zoo import checkpoints
from dgm.zoo.checkpoints import Checkpoint, CheckpointError, read, write
from dgm.zoo.models import MODELS, Recipe, recipe_of
from dgm.zoo.weights import read_card, save_weights

ROOT = Path(__file__).parents[3]
SMALL = ["ddpm", "--data", "digits", "--small"]


@pytest.fixture(autouse=True)
def made_up_data(tmp_path, monkeypatch):
    """Fashion-MNIST of noise, and untrained what other recipes need."""
    monkeypatch.setenv("DGM_CACHE", str(tmp_path))
    for split, n in (("train", 300), ("test", 20)):
        x = np.random.default_rng(0).integers(0, 256, (n, 1, 28, 28), dtype=np.uint8)
        y = np.arange(n, dtype=np.uint8) % 10
        np.savez(tmp_path / f"fashion_mnist-{split}.npz", x=x, y=y)
    for name in ("classifier", "first_stage", "object_classifier", "ddpm_classes"):
        save_weights(name, MODELS[name].build(), {}, tmp_path / "shipped")
    monkeypatch.setattr("dgm.zoo.weights.FOLDER", tmp_path / "shipped")


def state(tmp_path):
    """A checkpoint as a training writes it, of one step."""
    net, data = nn.Linear(2, 1), minibatches(torch.randn(6, 2), 3, 5, torch.Generator())
    checkpoint = Checkpoint(tmp_path / "a.checkpoint.pt", {"seed": 0})
    checkpoint.resume(data, net=net, optimizer=torch.optim.Adam(net.parameters()))
    next(data)
    checkpoint.count()
    checkpoint.write()
    return checkpoint.path


# Going on


@pytest.mark.parametrize("name", sorted(MODELS))
def test_each_step_in_a_run_of_its_own_is_as_all_in_one(name, tmp_path):
    """Over more than an epoch: the order of the data, the rates and all randomness count."""
    recipe = recipe_of(name, small=name == "ddpm")
    x, y = (part[: 28 if name == "ddpm" else 300] for part in train.load("fashion_mnist"))
    whole, _ = train.train(recipe, x, y, steps=6)
    for done in range(4):
        checkpoint = Checkpoint(tmp_path / "c.pt", {"name": name})
        assert checkpoint.step == done
        minutes = 0 if done < 3 else None  # that ends it after one step
        pieces, steps = train.train(recipe, x, y, steps=6, minutes=minutes, checkpoint=checkpoint)
    assert steps == 6
    wanted = whole.state_dict()
    assert all(torch.equal(wanted[key], value) for key, value in pieces.state_dict().items())


# A training that ends where it stands, so many seconds of processor time after its first checkpoint.
KILLED = """
import os, signal, sys
from dgm import train
replace, seconds = os.replace, float(sys.argv.pop(1))

def replace_and_count(*files):
    global seconds
    replace(*files)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    os.replace = replace

os.replace = replace_and_count
train.main(sys.argv[1:])
"""


def test_killed_at_any_moment_it_ends_as_if_undisturbed(tmp_path):
    command = [*SMALL, "--steps", "25", "--every", "0"]
    train.main([*command, "--out", str(tmp_path / "whole")])
    out = tmp_path / "killed"
    checkpoint, chance = out / "ddpm_digits.checkpoint.pt", random.Random(0)
    words = [*command, "--out", str(out)]
    seen = []
    for _ in range(2):
        life = str(0.001 + chance.random() / 20)
        killed = subprocess.run([sys.executable, "-c", KILLED, life, *words], cwd=ROOT, stderr=subprocess.DEVNULL)  # fmt: skip
        assert killed.returncode == -signal.SIGPROF
        seen.append(read(checkpoint)["progress"][0])  # whole, whenever it was
    assert 0 < seen[0] < seen[1] <= 25
    found = subprocess.run(
        [sys.executable, "-m", "dgm.train", *words], cwd=ROOT, capture_output=True, text=True
    )
    assert found.returncode == 0
    assert f"{seen[1]}/25" in found.stderr  # the bar begins there
    name = "ddpm_digits.safetensors"
    assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert sorted(p.suffix for p in out.iterdir()) == [".json", ".safetensors"]


def with_steps(name, at, does):
    """A recipe that does something before its step number `at`."""
    old = MODELS[name]

    def steps(*args):
        for step, loss in enumerate(old.train(*args), args[-1].step + 1):
            if step == at:
                does()
            yield loss

    return Recipe(old.about, old.build, steps, old.measure, old.steps)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_a_step_keeps_it_and_can_be_gone_on_from(tmp_path, monkeypatch, capsys, number):
    command = ["autoencoder_2d", "--steps", "6"]
    train.main([*command, "--out", str(tmp_path / "whole")])
    stopped = with_steps("autoencoder_2d", 4, lambda: os.kill(os.getpid(), number))
    handler = signal.getsignal(number)
    with monkeypatch.context() as patch:
        patch.setitem(MODELS, "autoencoder_2d", stopped)
        with pytest.raises(SystemExit) as end:
            train.main([*command, "--out", str(tmp_path / "a")])
    assert end.value.code == 130
    assert signal.getsignal(number) == handler
    assert "stopped after step 4; the same command goes on" in capsys.readouterr().err
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["autoencoder_2d.checkpoint.pt"]
    train.main([*command, "--out", str(tmp_path / "a")])
    assert "4/6" in capsys.readouterr().err
    cards = [read_card("autoencoder_2d", tmp_path / out) for out in ("a", "whole")]
    assert cards[0]["sha256"] == cards[1]["sha256"]
    assert cards[0]["steps"] == 6


def test_a_second_ctrl_c_does_not_wait_for_the_step(tmp_path, monkeypatch, capsys):
    def twice():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError

    monkeypatch.setitem(MODELS, "autoencoder", with_steps("autoencoder", 3, twice))
    words = ["autoencoder", "--steps", "9", "--every", "0", "--out", str(tmp_path / "a")]
    with pytest.raises(SystemExit) as end:
        train.main(words)
    assert end.value.code == 130
    assert "stopped; the same command goes on" in capsys.readouterr().err
    assert read(tmp_path / "a" / "autoencoder.checkpoint.pt")["progress"][0] == 2


def test_a_break_while_measuring_costs_no_training(tmp_path, monkeypatch):
    def breaks(*args):
        raise KeyboardInterrupt

    old = MODELS["autoencoder"]
    words = ["autoencoder", "--steps", "3", "--out", str(tmp_path / "a")]
    breaking = Recipe(old.about, old.build, old.train, breaks, old.steps)
    with monkeypatch.context() as patch:
        patch.setitem(MODELS, "autoencoder", breaking)
        with pytest.raises(SystemExit):
            train.main(words)
    assert read(tmp_path / "a" / "autoencoder.checkpoint.pt")["progress"][0] == 3
    train.main(words)
    assert read_card("autoencoder", tmp_path / "a")["steps"] == 3


def test_minutes_count_over_all_runs(tmp_path):
    recipe, path = MODELS["autoencoder"], tmp_path / "c.pt"
    x, y = train.load("fashion_mnist")
    checkpoint = Checkpoint(path)
    train.train(recipe, x, y, steps=9, minutes=0, checkpoint=checkpoint)
    checkpoint.seconds += 3600
    checkpoint.write()
    _, steps = train.train(recipe, x, y, steps=9, minutes=60, checkpoint=Checkpoint(path))
    assert steps == 2


# What cannot be gone on from


def test_other_options_are_named_and_fresh_begins_again(tmp_path, capsys):
    path = tmp_path / "autoencoder.checkpoint.pt"
    words = ["autoencoder", "--out", str(tmp_path), "--steps"]
    fixed = {"name": "autoencoder", "data": "fashion_mnist", "seed": 0, "small": False}
    checkpoint = Checkpoint(path, fixed | {"steps": 4, "device": "cpu", "processes": 1})
    x, y = train.load("fashion_mnist")
    train.train(MODELS["autoencoder"], x, y, steps=4, minutes=0, checkpoint=checkpoint)
    before = path.read_bytes()
    with pytest.raises(SystemExit, match=r"steps was 4 and is now 5\..*--fresh") as end:
        train.main([*words, "5"])
    assert "seed" not in str(end.value)
    with pytest.raises(SystemExit, match="seed was 0 and is now 3"):
        train.main([*words, "4", "--seed", "3"])
    assert path.read_bytes() == before
    train.main([*words, "5", "--fresh"])
    assert read_card("autoencoder", tmp_path)["steps"] == 5
    assert "0/5" in capsys.readouterr().err
    assert not path.exists()


def test_no_changed_byte_goes_unnoticed(tmp_path):
    path = state(tmp_path)
    content = path.read_bytes()
    for at in range(0, len(content), 101):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(CheckpointError, match=r"a\.checkpoint\.pt is damaged.*--fresh"):
            read(path)


@pytest.mark.parametrize("size", [0, 10, 0.5, 0.99])
def test_a_cut_checkpoint_is_damaged(tmp_path, size):
    path = state(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(size * len(content)) if size < 1 else size])
    with pytest.raises(CheckpointError, match="is damaged"):
        Checkpoint(path, {"seed": 0})


def test_nothing_in_a_checkpoint_is_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "ran",))

    path = tmp_path / "evil.pt"
    write(path, {"options": Evil()})
    with pytest.raises(pickle.UnpicklingError, match="weights_only"):
        read(path)
    assert not (tmp_path / "ran").exists()


def test_a_network_that_has_changed_since_is_told(tmp_path):
    path = state(tmp_path)
    data, net = minibatches(torch.randn(6, 2), 3, 5, torch.Generator()), nn.Linear(3, 1)
    checkpoint = Checkpoint(path, {"seed": 0})
    with pytest.raises(CheckpointError, match=r"the program has changed since; .*--fresh"):
        checkpoint.resume(data, net=net, optimizer=torch.optim.Adam(net.parameters()))


@pytest.mark.parametrize("breaks", ["torch.save", "os.fsync", "os.replace"])
def test_a_break_while_writing_leaves_the_old_one(tmp_path, monkeypatch, breaks):
    path = state(tmp_path)
    before = path.read_bytes()

    def fails(*args):
        raise OSError("no space left")

    monkeypatch.setattr(f"dgm.zoo.checkpoints.{breaks}", fails)
    with pytest.raises(OSError, match="no space"):
        write(path, {"a": 1})
    assert path.read_bytes() == before
    monkeypatch.undo()
    checkpoints.remove(path)
    assert not [p for p in tmp_path.iterdir() if "checkpoint" in p.name]


# The place in the data


def test_minibatches_go_on_where_they_were():
    x = torch.arange(23)

    def made():
        return minibatches(x, 5, 11, torch.Generator().manual_seed(3))

    whole = list(made())
    for k in (0, 1, 4, 6, 11):
        first, second = made(), made()
        for _ in range(k):
            next(first)
        first.generator.manual_seed(k)  # others draw from it, too
        second.load_state_dict(first.state_dict())
        assert torch.equal(second.generator.get_state(), first.generator.get_state())
        rest = list(second)
        assert len(rest) == 11 - k
        epoch = 4 * -(-k // 4)  # up to the end of the epoch the order is the old one
        assert all(torch.equal(a, b) for a, b in zip(rest, whole[k:epoch], strict=False))
        again = list(first)
        assert all(torch.equal(a, b) for a, b in zip(rest, again, strict=True))
