"""What is asked for may lie in a subfolder of dgm: there too it is out of a submission's reach."""

import json
import os
import subprocess
import sys

import pytest

from course.grading.sandbox import student_edition, wall, zygote
from course.paths import ROOT

FILES = {
    "__init__.py": '"""A toy."""\n',
    "flat.py": (
        "from dgm.exact.deep.pca import components\n"
        "from dgm.exact import Model\n"
        "def uses(x):\n    return components(x) + Model().fit(x)\n"
    ),
    "exact/__init__.py": (
        '"""Re-exports what is asked for, under its own name and another."""\n'
        "from dgm.exact.deep.pca import components, components as parts\n"
        "from dgm.exact.model import Model\n"
    ),
    "exact/model.py": (
        'class Model:\n    def fit(self, x):\n        """Fits."""\n        return x + 4_000_001\n'
    ),
    "exact/deep/__init__.py": "def start(x):\n    return x + 4_000_002\n",
    "exact/deep/pca.py": (
        "from .more import load\n"
        'def components(x):\n    """Some."""\n    return load(x) + 4_000_003\n'
    ),
    "exact/deep/more/__init__.py": "from dgm.exact.deep.more.load import load\n",
    "exact/deep/more/load.py": 'def load(x):\n    """Loads."""\n    return x + 4_000_004\n',
}
ASKED = [
    student_edition.Asked("dgm.exact.deep.pca", "components", answer="a"),
    student_edition.Asked("dgm.exact.deep.more.load", "load", answer="a"),
    student_edition.Asked("dgm.exact.deep", "start", answer="a"),
    student_edition.Asked("dgm.exact.model", "Model", ("fit",), answer="a"),
]
# Every name of every asked definition, and what a call in the full package gives.
NAMES = {
    "dgm.exact.deep.pca.components": 8_000_007,
    "dgm.exact.deep.components": None,  # not re-exported there
    "dgm.exact.components": 8_000_007,
    "dgm.exact.parts": 8_000_007,
    "dgm.flat.components": 8_000_007,
    "dgm.exact.deep.more.load": 4_000_004,
    "dgm.exact.deep.pca.load": 4_000_004,
    "dgm.exact.deep.start": 4_000_002,
    "dgm.exact.Model().fit": 4_000_001,
    "dgm.flat.Model().fit": 4_000_001,
    "dgm.exact.model.Model().fit": 4_000_001,
    "sys.modules['dgm.exact.deep.more.load'].load": 4_000_004,
}
LOOK = (
    f"names = {list(NAMES)!r}"
    + """
import inspect, json, os, sys
import dgm.flat
found = {}
for name in names:
    try:
        found[name] = eval(name)(0)
    except Exception as problem:
        found[name] = type(problem).__name__
found["uses"] = dgm.flat.uses(0)
top = os.path.dirname(dgm.__file__)
found["bytecode"] = [f for _, _, files in os.walk(top) for f in files if f.endswith(".pyc")]
text = "".join(open(os.path.join(at, f)).read() for at, _, files in os.walk(top)
               for f in files if f.endswith(".py"))
found["numbers"] = [n for n in range(1, 5) if f"4_000_00{n}" in text]
print(json.dumps(found))
"""
)


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """A package called dgm, with subfolders."""
    folder = tmp_path_factory.mktemp("toy") / "dgm"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def look(path) -> dict:
    """What `LOOK` finds where dgm lies at `path`."""
    env = os.environ | {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", LOOK], env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_toy_is_open_in_full(toy):
    found = look(toy.parent)
    assert {n: found[n] for n in NAMES} == {n: v or "AttributeError" for n, v in NAMES.items()}
    assert (found["uses"], found["numbers"]) == (12_000_008, [1, 2, 3, 4])


def refused(found: dict) -> None:
    """Every name refuses, the package's own functions go on, and no source has a number."""
    wanted = {n: "UseYourOwn" if v else "AttributeError" for n, v in NAMES.items()}
    assert {n: found[n] for n in NAMES} == wanted
    assert (found["uses"], found["numbers"]) == (12_000_008, [])


def test_every_name_of_a_definition_in_a_subfolder_is_refused(toy, tmp_path):
    student_edition.make(ASKED, tmp_path, toy)
    refused(look(tmp_path))


@pytest.fixture
def prison(toy, monkeypatch):
    """A zygote whose dgm is the toy."""
    if problem := wall.sandbox_problem():
        pytest.skip(problem)
    make = student_edition.make
    monkeypatch.setattr(student_edition, "make", lambda asked, target: make(asked, target, toy))
    made = zygote.Zygote([], ASKED)
    yield made
    made.close()


def test_a_guest_finds_no_bytecode_in_any_subfolder(prison):
    guest = prison.start()
    (said,) = guest.run(LOOK, 60)
    found = json.loads(said["text"])
    assert found["bytecode"] == []
    refused(found)


def test_while_a_check_runs_the_definitions_of_its_answer_are_empty(toy, tmp_path):
    """`_take_away` finds them in subfolders; run here, in a process of its own."""
    student_edition.make(ASKED, tmp_path, toy)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from course.grading.sandbox import cells\n"
        "folders = cells.import_all(); import dgm.flat; assert dgm.__file__.startswith(sys.argv[1])\n"
        "assert len(folders) == 4, folders\n"
        "kept = dgm.flat.uses.__globals__['components']; assert kept(0) == 8_000_007\n"
        f"cells._take_away({[p for one in ASKED for p in one.places()]!r}, {{}})\n"
        "from dgm._edition import UseYourOwn\n"
        "models = object.__getattribute__(sys.modules['dgm.exact.model'], '__dict__')['Model']\n"
        "for call in (lambda: kept(0), lambda: dgm.flat.uses(0), lambda: kept.__globals__['load'](0),\n"
        "             lambda: models.__dict__['fit'].real(None, 0)):\n"
        "    try:\n        call()\n"
        "    except UseYourOwn:\n        continue\n"
        "    raise SystemExit('it was not emptied')\n"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
