"""The benchmarks run, and show what the course claims of its own speed."""

import re
import subprocess
import sys

import pytest

from course.paths import ROOT


def run(*arguments):
    done = subprocess.run(
        [sys.executable, "benchmarks/logistic.py", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_benchmark_runs_small():
    text = run("--rows", "2000", "--features", "5", "--repeats", "1")
    assert len(re.findall(r"ratio \d", text)) == 6


@pytest.mark.slow
def test_logistic_regression_is_as_fast_as_scikit_learns_at_equal_accuracy():
    text = run("--repeats", "5")
    large = text.split("100 x 20")[0]
    ratios = [float(r) for r in re.findall(r"logistic, .* ratio ([\d.]+)", large)]
    slopes = [float(s) for s in re.findall(r"largest slope, .*: (\S+)", large)]
    assert len(ratios) == 2
    assert max(slopes) < 1e-5
    assert max(ratios) <= 1.0, text
