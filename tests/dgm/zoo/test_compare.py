"""The comparison of chapter 09: a slice of it again, and a small one that is stopped and goes on."""

import base64
import json
from pathlib import Path

import pytest
import torch

from dgm.data import load
from dgm.zoo import compare

STORED = Path(__file__).parents[3] / "book" / "data" / "comparison.json"


@pytest.fixture(scope="module")
def stored():
    return json.loads(STORED.read_text())


def test_real_images_get_what_is_stored(stored):
    x, _ = load("fashion_mnist")
    found = compare.measures(x[: stored["samples"]])
    assert found == pytest.approx(stored["floor"], rel=1e-3, abs=2e-3)
    assert 0 < found["frechet_distance"] < 5
    assert found["classes_covered"] == 10


@pytest.mark.parametrize("family", compare.FAMILIES)
def test_the_first_losses_are_found_again(stored, family):
    run = next(r for r in stored["runs"] if r["family"] == family)
    found = compare.first_losses(family, run["seed"], run["steps"])
    assert len(found) == compare.FIRST
    assert found == pytest.approx(run["first_losses"], rel=1e-3)


def test_what_is_stored_is_a_fair_comparison(stored):
    minutes = {f: [] for f in compare.FAMILIES}
    for run in stored["runs"]:
        minutes[run["family"]].append(run["processor_minutes"])
        assert run["steps"] == {p: stored["plan"]["steps"][p] for p in run["steps"]}
        assert stored["floor"]["frechet_distance"] < run["frechet_distance"]
        assert run["frechet_distance"] < stored["noise"]["frechet_distance"]
    assert all(len(times) >= 2 for times in minutes.values())
    means = [sum(times) / len(times) for times in minutes.values()]
    assert max(means) < 1.2 * min(means)  # other work on the machine costs each a little


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """Four families of a step or two, on little data."""
    real = {split: load("fashion_mnist", split) for split in ("train", "test")}
    monkeypatch.setattr(
        compare, "load", lambda _, split="train": tuple(p[:300] for p in real[split])
    )
    monkeypatch.setattr(
        compare, "DDPM", compare.replace(compare.DDPM, sample_steps=2, bound_steps=2)
    )
    monkeypatch.setattr(compare, "BOUNDED", 2)
    steps = {"vae": 3, "gan": 2, "ddpm": 2, "first_stage": 2, "ldm": 2}
    monkeypatch.setattr(compare, "plan", lambda minutes: steps)
    return tmp_path


def words(folder, *more):
    return ["--minutes", "1", "--seeds", "4", "--samples", "24", "--folder", str(folder), *more]


def test_all_families_are_trained_measured_and_collected(tiny, capsys):
    out = tiny / "all.json"
    compare.main(words(tiny, "--families", "gan"))
    before = (tiny / "gan-4.json").stat().st_mtime_ns
    compare.main(words(tiny, "--write", str(out)))
    assert (tiny / "gan-4.json").stat().st_mtime_ns == before  # done runs are not done again
    found = json.loads(out.read_text())
    assert [r["family"] for r in found["runs"]] == list(compare.FAMILIES)
    by_name = {r["family"]: r for r in found["runs"]}
    assert [r["network_calls"] for r in found["runs"]][:2] == [1, 1]
    assert by_name["gan"]["bits_per_dim"] is None
    assert by_name["ddpm"]["bits_per_dim"] > by_name["vae"]["bits_per_dim"] * 0.1 > 0
    assert len(base64.b64decode(by_name["ldm"]["pictures"])) == 10 * 784
    assert found["noise"]["frechet_distance"] > found["floor"]["frechet_distance"] > 0


def test_a_run_that_was_stopped_ends_as_one_that_was_not(tiny, monkeypatch, capsys):
    compare.main(words(tiny, "--families", "vae"))
    whole = json.loads((tiny / "vae-4.json").read_text())
    again, real = tiny / "again", compare.train

    def stops(*args, **kwargs):
        raise KeyboardInterrupt("stopped after step 1")

    def one_step(recipe, x, y, seed, steps, minutes, checkpoint):
        real(recipe, x, y, seed, steps, 1e-9, checkpoint)  # the time is up after one
        stops()

    monkeypatch.setattr(compare, "train", one_step)
    with pytest.raises(SystemExit) as stop:
        compare.main(words(again, "--families", "vae"))
    assert stop.value.code == 130
    assert "the same command goes on" in capsys.readouterr().err
    monkeypatch.setattr(compare, "train", real)
    compare.main(words(again, "--families", "vae"))
    resumed = json.loads((again / "vae-4.json").read_text())
    for key in ("frechet_distance", "bits_per_dim", "pictures", "steps"):
        assert resumed[key] == whole[key]


def test_who_works_on_a_run_has_it_alone(tmp_path):
    with compare.mine(tmp_path / "a.json") as first, compare.mine(tmp_path / "a.json") as second:
        assert (first, second) == (True, False)
    with compare.mine(tmp_path / "a.json") as again:
        assert again


def test_another_time_needs_another_folder(tiny):
    compare.main(words(tiny, "--families", "gan"))
    with pytest.raises(SystemExit, match=r"for --minutes 1, not 2.*another --folder"):
        compare.main(["--minutes", "2", "--folder", str(tiny)])


def test_the_plan_gives_each_part_its_share():
    few = compare.plan(0.05, rounds=1, seconds=0.05)
    assert set(few) == {"vae", "gan", "ddpm", "first_stage", "ldm"}
    assert min(few.values()) >= 1
    assert few["vae"] > few["ddpm"]


def test_pictures_are_cut_to_the_grey_levels():
    image = torch.tensor([[-1.2, -1.0, 0.0], [0.5, 1.0, 1.3]])
    assert list(base64.b64decode(compare.packed(image))) == [0, 0, 128, 191, 255, 255]
