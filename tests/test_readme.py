"""What the README promises can be done as it says."""

import re
import runpy
import subprocess
import sys

import pytest

from course.paths import ROOT

README = (ROOT / "README.md").read_text()
PICTURES = {"front.png": "draw", "families.png": "draw_families"}


def test_example_runs_and_is_short():
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    assert len([line for line in code.splitlines() if line.strip()]) <= 5
    names: dict = {}
    exec(code, names)
    assert names["images"].shape == (10, 64)
    assert names["classes"].shape == (10,)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("http") or (ROOT / target).exists(), target


def test_targets_exist():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"(?:`|^    )make ([a-z-]+)", README, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target


@pytest.mark.parametrize(("name", "draws"), PICTURES.items())
def test_picture_is_what_the_program_makes(name, draws, tmp_path):
    import numpy as np
    from matplotlib.image import imread

    runpy.run_path(str(ROOT / "book" / "front.py"))[draws](tmp_path / name)
    made, shipped = imread(tmp_path / name), imread(ROOT / "book" / "_static" / name)
    assert made.shape == shipped.shape
    assert np.abs(made - shipped).mean() < 0.01  # antialiasing may differ


def test_command_line_lists_itself():
    shown = subprocess.run(
        [sys.executable, "-m", "course", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert shown.returncode == 0
    for command in ("exercises", "answers", "check", "grade", "book", "serve", "lab"):
        assert re.search(rf"^ +{command}\s+\w", shown.stdout, re.M), command
