"""An evening with a class: a platform's zip in, graded behind the wall, and handed back by numbers."""

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile

import nbformat
import pytest
from test_autograde import BODY, NAME, POINTS, course, environment

from course.grading.sandbox import wall
from tests.grading import classes
from tests.grading.classes import PEOPLE

pytestmark = [
    pytest.mark.xdist_group("autograde"),
    pytest.mark.skipif(bool(wall.sandbox_problem()), reason=wall.sandbox_problem()),
]
__all__ = ["course"]  # a fixture
ANSWERED = [(), ("double",), ("half",), ("double", "half")]  # by a person's number, in turn


def worth(number):
    right = ANSWERED[number % 4]
    return float(sum(points for check, points in POINTS.items() if check.startswith(right or "-")))


def handed_in(root, number):
    notebook = nbformat.read(root / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.id in ANSWERED[number % 4]:
            cell.source = BODY[cell.id]
    return nbformat.writes(notebook)


def command(root, *words, code=0):
    run = subprocess.run(
        [sys.executable, "-m", "course", *words], cwd=root, env=environment(root),
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout + run.stderr


@pytest.mark.parametrize("form", ["moodle", "canvas", "gradescope"])
def test_a_class_of_twelve_there_and_back(course, tmp_path, form):
    root = shutil.copytree(course, tmp_path / "course", symlinks=True)
    books = {n: handed_in(root, n) for n in PEOPLE}
    (tmp_path / "class.zip").write_bytes(getattr(classes, form)(books, f"{NAME}.ipynb"))
    assert "12 of 12 taken" in command(root, "collect", NAME, str(tmp_path / "class.zip"))
    assert "12 graded, 0 ungradable" in command(root, "grade", NAME)
    earned = {n: worth(n) for n in PEOPLE}
    noted = json.loads((root / "submitted" / ".received.json").read_text())[NAME]
    with open(root / "grades.csv") as file:
        scores = {r["student_id"]: float(r["score"]) for r in csv.DictReader(file)}
    assert {int(noted[s]["number"]): score for s, score in scores.items()} == earned
    if form == "gradescope":  # inbound only
        assert "came by Moodle or Canvas" in command(root, "handback", NAME, code=1)
        return
    command(root, "handback", NAME)
    back = root / "handback" / NAME
    with open(back / f"{form}-marks.csv") as file:
        rows = [list(r.values()) for r in csv.DictReader(file)]
    if form == "moodle":
        assert {int(r[0].removeprefix("Participant ")): float(r[2]) for r in rows} == earned
    else:
        assert {int(r[1]): float(r[3]) for r in rows} == earned
    with zipfile.ZipFile(back / f"{form}-feedback.zip") as archive:
        for name in archive.namelist():
            number = int(re.search(r"_(\d+)_", name)[1])
            folder = next(f for f, e in noted.items() if e["number"] == str(number))
            page = root / "feedback" / folder / NAME / f"{NAME}.html"
            assert archive.read(name) == page.read_bytes()
        assert len(archive.namelist()) == 12
