"""The three files that say what is installed agree, and the Makefile does what it says."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course import install
from course.paths import ROOT
from tests.courses import committed, copy_course, files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins():
    found = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            (pin,) = requirement.specifier
            assert pin.operator == "==", line
            found[canonicalize_name(requirement.name)] = pin.version
    return found


WANTED = [
    Requirement(r)
    for group in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for r in group
]


@pytest.mark.parametrize("wanted", WANTED, ids=lambda r: r.name)
def test_what_is_asked_for_is_pinned_to_a_version_that_satisfies_it(wanted):
    assert wanted.specifier.contains(pins()[canonicalize_name(wanted.name)])


@pytest.mark.parametrize("wanted", WANTED, ids=lambda r: r.name)
def test_what_is_pinned_is_installed(wanted):
    from importlib.metadata import version

    assert version(wanted.name).split("+")[0] == pins()[canonicalize_name(wanted.name)]


def test_torch_is_pinned_so_that_cuda_and_cpu_builds_satisfy_it():
    from packaging.specifiers import SpecifierSet

    pin = SpecifierSet(f"=={pins()['torch']}")
    assert "+" not in pins()["torch"]
    assert pin.contains(pins()["torch"] + "+cpu")
    assert pin.contains(pins()["torch"] + "+cu130")


def test_conda_makes_the_same_environment():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())
    plain = [d for d in conda["dependencies"] if isinstance(d, str)]
    (pip,) = [d["pip"] for d in conda["dependencies"] if isinstance(d, dict)]
    python = next(d for d in plain if d.startswith("python="))
    assert Requirement("x" + PROJECT["requires-python"]).specifier.contains(python.split("=")[1])
    extras = ",".join(PROJECT["optional-dependencies"])
    assert pip == ["-c constraints.txt", f"-e .[{extras}]"]
    # nothing by conda that pip would bring in another version
    assert {d.split("=")[0] for d in plain} <= {"python", "pip", "git", "make"}
    assert f"'.[{extras}]'" in (ROOT / "Makefile").read_text()


def test_help_names_every_target():
    text = (ROOT / "Makefile").read_text()
    targets = re.search(r"\.PHONY: (.*)", text)[1].split()
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in targets:
        assert re.search(rf"^{target} +\w", shown.stdout, re.M), target


@pytest.mark.parametrize("target", ["book", "test"])
def test_second_run_starts_its_work_at_once(target):
    """Nothing is installed again where nothing has changed."""
    if not (ROOT / ".venv" / "test").exists():
        pytest.skip("this environment was not made by the Makefile")
    run = subprocess.run(
        ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "course/install.py" not in run.stdout


@pytest.mark.parametrize("target", ["check", "grade", "handback"])
def test_target_without_its_argument_says_what_to_give(target):
    env = {k: v for k, v in os.environ.items() if k not in ("ASSIGNMENT", "NOTEBOOK", "MAKEFLAGS")}
    run = subprocess.run(
        ["make", "-o", ".venv/course", target], cwd=ROOT, capture_output=True, text=True, env=env
    )
    assert run.returncode != 0
    assert f"make {target} " in run.stdout


@pytest.mark.xdist_group("one")
def test_groups_of_tests_share_a_worker(request):
    """Else what they share is built by each worker anew: a book, a sandbox, a run of all answers."""
    if getattr(request.config.option, "loadgroup", False):  # pytest -n 2 --dist loadgroup
        assert request.node.nodeid.endswith("@one")


def test_installation_says_how_large_it_is_and_how_far(tmp_path, monkeypatch, capfd):
    said = ["Collecting torch", "Progress 50 of 200", "Progress 150 of 200", "ERROR: no such thing"]
    slow = "import sys, time\nfor line in {said!r}:\n    print(line, flush=True); time.sleep(.3)\nsys.exit(3)"
    fake = tmp_path / "python"
    fake.write_text(f"#!{sys.executable}\n" + slow.format(said=said))
    fake.chmod(0o755)
    monkeypatch.setattr(install.sys, "executable", str(fake))
    monkeypatch.setattr(install.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(install, "EVERY", 0.1)
    assert install.main(["anything"]) == 3
    out, err = capfd.readouterr()
    assert re.search(r"(?m)^ +\d+ s, +\d+ MB  Collecting torch: 75 %$", out)
    assert "ERROR: no such thing" in err
    assert "pip.log" in err
    assert "about 2 GB" in install.SIZE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Collecting a\nDownloading a.whl (2 MB)\n", "Downloading a.whl (2 MB)"),
        ("Downloading a.whl\nProgress 0 of 0\n", "Downloading a.whl"),
        ("Installing " + "x, " * 60, "Installing " + ("x, " * 60)[:66] + "..."),
    ],
)
def test_last_words_of_pip(text, words):
    assert install.last_words(text) == words


PROSE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "book").glob("*.md"))]


def test_commands_that_the_pages_name_are_there():
    """Those of make, and their twins without it."""
    rules = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    from course.__main__ import parser

    (commands,) = (a.choices for a in parser()._actions if a.choices)
    for path in PROSE:
        text = path.read_text()
        assert set(re.findall(r"^    make ([a-z-]+)|`make ([a-z-]+)[ `]", text, re.M)) <= {
            pair for rule in rules for pair in ((rule, ""), ("", rule))
        }, path
        assert set(re.findall(r"-m course ([a-z]+)", text)) <= set(commands), path


def test_a_python_without_the_course_says_so():
    done = subprocess.run([sys._base_executable, "-S", "-m", "course", "check", "05"], cwd=ROOT, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 1
    assert "has no nbformat" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_locale_damages_a_file(tmp_path):
    """As in one that knows ASCII alone: what is made is what is made in UTF-8."""
    name = "02-autoencoders"
    copy_course(tmp_path)
    shutil.copytree(ROOT / "book" / "chapters", tmp_path / "book" / "chapters")
    for file in ("references.bib", "_toc.yml"):
        shutil.copy(ROOT / "book" / file, tmp_path / "book")
    plain = {
        "LC_ALL": "C",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
        "PYTHONPATH": str(tmp_path),
    }
    for command in (
        ["exercises", name, "--force"],
        ["pairs"],
        ["answers", name, "--only", "sparse_loss", "--seeds", "1"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "course", *command],
            cwd=tmp_path,
            env=os.environ | plain,
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr.decode()
    made = tmp_path / "exercises" / name / f"{name}.ipynb"
    assert made.read_bytes() == committed("exercises")[Path(name, f"{name}.ipynb")]
    chapters = files(tmp_path / "book" / "chapters")
    assert chapters == {p: b for p, b in committed("book/chapters").items() if p in chapters}
