"""The package in its rooms: nothing takes it for a flat folder, and a wheel holds all of it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.book import imported_files
from course.paths import ROOT
from course.release import digest
from tests.test_imports import graph

PACKAGES = ("dgm", "course")

IMPORT_ALL = """
import importlib, pathlib, sys
there = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(there))
for path in sorted(there.glob("dgm/**/*.py")):
    parts = path.relative_to(there).with_suffix("").parts
    module = importlib.import_module(".".join(p for p in parts if p != "__init__"))
    assert pathlib.Path(module.__file__) == path, (module.__file__, path)
import matplotlib.pyplot as plt
plt.style.use("dgm.figures")
from dgm.zoo.models import pretrained
print(sum(p.numel() for p in pretrained("autoencoder_2d").parameters()))
"""


def files(root: Path) -> set[Path]:
    found = (p for package in PACKAGES for p in (root / package).rglob("*") if p.is_file())
    return {p.relative_to(root) for p in found if p.suffix != ".pyc"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which a wheel of the project was installed."""
    made = tmp_path_factory.mktemp("wheel")
    source = made / "source"
    for name in PACKAGES:
        shutil.copytree(
            ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.part")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    run = subprocess.run(
        [*pip, "--no-build-isolation", "--target", str(made / "site"), str(source)],
        cwd=made,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return made / "site"


def test_a_wheel_holds_every_file(installed: Path) -> None:
    hidden = {path for path in files(ROOT) if str(path).endswith("_hidden.py")}
    assert files(installed) == files(ROOT) - hidden
    assert hidden


def test_an_installed_package_imports_and_finds_its_weights(
    installed: Path, tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-I", "-c", IMPORT_ALL, str(installed)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 10_000


def test_exercises_hang_on_every_file_of_the_package(tmp_path: Path) -> None:
    inner = tmp_path / "dgm" / "room" / "inner.py"
    inner.parent.mkdir(parents=True)
    inner.write_text("x = 1\n")
    before = digest("01", tmp_path)
    inner.write_text("x = 2\n")
    assert digest("01", tmp_path) != before


def test_a_page_hangs_on_what_a_room_reads(tmp_path: Path) -> None:
    room = tmp_path / "dgm" / "room"
    (room / "weights").mkdir(parents=True)
    for path in ("__init__.py", "room/__init__.py", "room/weights.py", "room/other.py"):
        (tmp_path / "dgm" / path).touch()
    for path in ("room/weights/vae.json", "room/looks.mplstyle", "figures.mplstyle"):
        (tmp_path / "dgm" / path).touch()

    def read(code: str) -> list[str]:
        found = imported_files(code, tmp_path)
        return [p.relative_to(tmp_path / "dgm").as_posix() for p in found]

    packages = ["__init__.py", "room/__init__.py"]
    assert read("import dgm.room.other") == [*packages, "room/other.py"]
    assert read("from dgm.room.weights import card") == [
        *packages,
        "room/weights/vae.json",
        "room/weights.py",
    ]
    assert read("import dgm\nuse('dgm.room.looks')") == ["__init__.py", "room/looks.mplstyle"]
    assert read("use('dgm.figures')") == ["figures.mplstyle"]


# The rooms, as CONTRIBUTING.md tells them

IMPORTS = graph(ROOT, "dgm")


def room(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and (ROOT / "dgm" / parts[1]).is_dir() else ""


TAUGHT = {name for name in IMPORTS if not room(name)} - {"dgm", "dgm.train"}


def test_rooms_know_only_what_is_below_them() -> None:
    below = {"nn": {"nn"}, "data": {"data", "nn"}, "exact": {"nn", "data", "exact"}}
    for name, imported in IMPORTS.items():
        others = {room(other) for other in imported} - {""}
        if name in TAUGHT:
            assert others <= {"nn", "data"}, name
        elif room(name) in below:
            assert others <= below[room(name)], name
        if room(name) in ("nn", "data"):
            assert imported & TAUGHT <= {"dgm.attention", "dgm.validate"}, name
        assert "dgm.train" not in imported
    assert IMPORTS["dgm.attention"] == {"dgm.validate"}  # which two rooms stand on


def test_the_drawer_is_not_full() -> None:
    assert len(TAUGHT) < 30


def test_every_place_of_the_table_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text().split("## Where things are")[1].split("\n## ")[0]
    places = re.findall(r"`([\w./*-]+/[\w./*-]*)`", text)
    assert {"dgm/*.py", "dgm/nn/", "dgm/zoo/"} <= set(places)
    for place in places:
        assert list(ROOT.glob(place)), place
    assert {
        f"dgm/{p.name}/" for p in (ROOT / "dgm").iterdir() if (p / "__init__.py").exists()
    } <= set(places)
