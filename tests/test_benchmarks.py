"""The benchmarks run, and show what the course claims of itself beside its peers."""

import os
import re
import subprocess
import sys

import pytest

from course.paths import ROOT


def run(name, *arguments, **environment):
    done = subprocess.run(
        [sys.executable, f"benchmarks/{name}.py", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_benchmark_runs_small():
    text = run("logistic", "--rows", "2000", "--features", "5", "--repeats", "1")
    assert len(re.findall(r"ratio \d", text)) == 6


@pytest.mark.slow
def test_logistic_regression_is_as_fast_as_scikit_learns_at_equal_accuracy():
    text = run("logistic", "--repeats", "5")
    large = text.split("100 x 20")[0]
    ratios = [float(r) for r in re.findall(r"logistic, .* ratio ([\d.]+)", large)]
    slopes = [float(s) for s in re.findall(r"largest slope, .*: (\S+)", large)]
    assert len(ratios) == 2
    assert max(slopes) < 1e-5
    assert max(ratios) <= 1.0, text


def test_vae_benchmark_runs_our_half_without_its_peer(tmp_path):
    (tmp_path / "pythae.py").write_text('raise ImportError("none here")\n')
    small = ("--rows", "130", "--epochs", "1", "--seeds", "2", "--hidden", "16")
    text = run("vae", *small, PYTHONPATH=str(tmp_path))
    assert "without pythae (none here): our half alone" in text.splitlines()[0]
    assert "pip install pythae" in text.splitlines()[0]
    assert "128 to train" in text
    assert len(re.findall(r"seed \d: ours [\d.]+ \(\d\.\d{4}\)$", text, re.M)) == 2
    assert re.search(r"^ms per step, .*: ours \d", text, re.M)


@pytest.mark.slow
def test_our_vae_bounds_its_test_set_no_worse_than_pythaes():
    pytest.importorskip("pythae.models")
    text = run("vae")
    assert len(re.findall(r"seed \d: ours .* pythae", text)) == 8
    mean, error = map(float, re.search(r"difference +(\S+) \+- (\S+)", text).groups())
    assert mean <= 3 * error, text  # the order of batches and the noise differ, and nothing else
    assert float(re.search(r"they differ by (\S+) nats", text)[1]) < 1e-3


def test_gan_benchmark_ends_at_the_same_weights():
    text = run("gan", "--steps", "2", "--batch", "8")
    assert len(re.findall(r"ratio \d", text)) == 2
    gaps = [float(gap) for gap in re.findall(r"differ by (\S+)", text)]
    assert len(gaps) == 2
    assert max(gaps) < 1e-5
