"""The package in its rooms: nothing takes it for a flat folder, and a wheel holds all of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.book import imported_files
from course.paths import ROOT
from course.release import digest

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
    assert files(installed) == files(ROOT)


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
