"""The student edition refuses what is asked for, by every road, and dgm in it is as before."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.grading.sandbox import student_edition
from course.paths import ROOT, CourseError, assignments
from course.weave import weave

ALL = assignments()
BY_NAME = {name: student_edition.asked(name) for name in ALL}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """For each assignment the folder that holds its edition."""
    folder = tmp_path_factory.mktemp("editions")
    for name in ALL:
        student_edition.make(BY_NAME[name], folder / name)
    return folder


def run(path, code, cwd, *arguments):
    """What `code` prints as JSON, run by a fresh Python that finds dgm at `path`."""
    env = os.environ | {"PYTHONPATH": str(path), "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *map(str, arguments)],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_what_an_assignment_asks_for(tmp_path):
    first = student_edition.Asked("dgm.logistic", "sigmoid", answer="sigmoid")
    assert first in BY_NAME["01-discriminative-generative"]
    assert [a.name for a in BY_NAME["03-vae"]][-3:] == ["elbo", "iwae_bound", "vae_loss"]
    source = tmp_path / "solutions" / "x" / "x.py"
    source.parent.mkdir(parents=True)
    source.write_text(
        '# %% given="setup"\n# %% answer="vae"\n'
        "from dgm.vae import VAE  # exercise: forward, decode\n"
        '# %% check="vae" points=1\nSEED = 0\nSEED\n# %% hidden="vae" points=1\nSEED = 0\nSEED\n'
    )
    (found,) = student_edition.asked("x", root=tmp_path)
    assert found == ("dgm.vae", "VAE", ("forward", "decode"), "vae")


ROADS = """
import copy, gc, importlib, inspect, io, json, pickle, pkgutil, sys, types
import dgm
modules = [importlib.import_module(m.name) for m in pkgutil.walk_packages(dgm.__path__, "dgm.")]

def refused(road, methods):
    try:
        thing = road()
        if methods:
            return all(refused(lambda m=m: getattr(thing, m), ()) for m in methods)
        thing()
    except RuntimeError as error:
        return "is what this assignment asks you to write; use your own" in str(error)
    return False

def star(module, name):
    space = {}
    exec(f"from {module} import *", space)
    return space[name]

def plain(module, name):
    space = {}
    exec(f"import {module}\\nfrom {module} import {name} as f", space)
    return space["f"]

def pretender(module, name):
    return eval(f"sys.modules[{module!r}].{name}", {"__name__": "dgm.vae", "sys": sys})

bad, found = [], 0
for module, name, methods in json.loads(sys.argv[1]):
    home = sys.modules[module]
    roads = {
        "from": lambda: plain(module, name),
        "attribute": lambda: eval(f"{module}.{name}", {"dgm": dgm}),
        "getattr": lambda: getattr(importlib.import_module(module), name),
        "star": lambda: star(module, name),
        "vars": lambda: vars(home)[name],
        "dict": lambda: home.__dict__[name],
        "members": lambda: dict(inspect.getmembers(home))[name],
        "pickle": lambda: pickle.loads(f"c{module}\\n{name}\\n.".encode()),
        "pretender": lambda: pretender(module, name),
        "a reload": lambda: getattr(importlib.reload(home), name),
    }
    real = object.__getattribute__(home, "__dict__")[name]
    for other in modules:  # torch's own function of that name is nobody's secret
        if object.__getattribute__(other, "__dict__").get(name) is real:
            roads[other.__name__] = lambda other=other: getattr(other, name)
    bad += [(name, road) for road, go in roads.items() if not refused(go, methods)]
    for read in (inspect.getsource, inspect.getsourcelines):
        try:
            thing = getattr(home, name)
            read(getattr(thing, methods[0]) if methods else thing)
            bad.append((name, "source"))
        except (OSError, RuntimeError):
            found += 1
    if "asks you to write" not in inspect.getsource(home):
        bad.append((name, "the module's source does not say so"))
    if methods:
        continue  # the class itself is there, and only its methods are not
    if real.__name__ != name or hasattr(getattr(home, name), "__wrapped__"):
        bad.append((name, "the stand-in"))
    spaces = [object.__getattribute__(m, "__dict__") for m in sys.modules.values()
              if isinstance(m, types.ModuleType)]
    for holder in gc.get_referrers(real):  # no table or default of dgm hands it out
        if not any(holder is space for space in spaces) and not inspect.isframe(holder):
            bad.append((name, repr(holder)[:200]))
    del real, holder
print(json.dumps([bad, found]))
"""


@pytest.mark.parametrize("name", ALL)
def test_what_is_asked_for_is_refused_by_every_road(made, tmp_path, name):
    names = json.dumps([a[:3] for a in BY_NAME[name]])
    bad, found = run(made / name, ROADS, tmp_path, names)
    assert not bad
    assert found == 2 * len(BY_NAME[name])


def test_the_same_roads_are_open_in_the_full_package(tmp_path):
    names = json.dumps([a[:3] for a in BY_NAME["02-autoencoders"]])
    probe = ROADS.replace("except RuntimeError", "except TypeError")  # called without arguments
    bad, _ = run(ROOT, probe, tmp_path, names)
    roads = {road for _, road in bad}
    assert roads >= {
        "from",
        "attribute",
        "getattr",
        "star",
        "vars",
        "dict",
        "members",
        "pickle",
        "source",
    }


@pytest.mark.parametrize("name", ALL)
def test_no_line_of_a_solution_lies_in_the_edition(made, name):
    inside, outside = set(), set()
    for path in (ROOT / "dgm").rglob("*.py"):
        place, text = path.relative_to(ROOT).with_suffix(""), path.read_text()
        module = ".".join(place.parts).removesuffix(".__init__")
        asked = {a.name: a.methods for a in BY_NAME[name] if a.module == module}
        of = set()
        for node in ast.parse(text).body:
            if getattr(node, "name", None) in asked:
                methods = asked[node.name]
                parts = [m for m in node.body if getattr(m, "name", None) in methods]
                for part in parts if methods else [node]:
                    of |= set(range(part.body[0].end_lineno + 1, part.end_lineno + 1))
        for number, line in enumerate(text.splitlines(), 1):
            (inside if number in of else outside).add(line.strip())
    rest = "\n".join(outside)
    lines = {line for line in inside if len(line) > 8 and line not in rest}
    assert len(lines) > 2 * len(BY_NAME[name])
    everything = b"\n".join(p.read_bytes() for p in (made / name).rglob("*") if p.is_file())
    assert not [line for line in lines if line.encode() in everything]


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_a_right_notebook_runs_in_the_edition(made, tmp_path, name):
    """Set-up, the official answers as a student's own, every check and every demo."""
    notebook = weave(ROOT / "solutions" / name / f"{name}.py")
    cells = [c.source for c in notebook.cells if c.cell_type == "code"]
    assert any("BEGIN HIDDEN" in c for c in cells)
    (tmp_path / "cells.json").write_text(json.dumps(cells))
    code = (
        "import json, sys, dgm; space = {'__name__': '__main__'}\n"
        "for cell in json.load(open('cells.json')):\n    exec(cell, space)\n"
        "print(json.dumps(dgm.__file__))"
    )
    assert run(made / name, code, tmp_path).startswith(str(made))


NUMBERS = """
import json, sys, torch
from dgm.data import load
from dgm.exact.linear_gaussian import LinearGaussian
from dgm.logistic import LogisticRegression, solve
from dgm.naive_bayes import GaussianNB
from dgm.zoo.models import MODELS, pretrained, recipe_of
from dgm.zoo.training import train
from dgm.vae import VAE, log_weight, sample
torch.set_num_threads(1)
g = torch.Generator().manual_seed(0)
x, y = load("digits", "test")
two = y < 2
flat = x.flatten(1)
out = {"logistic": LogisticRegression(l2=1.0).fit(flat[two], y[two]).coef_.tolist()}
bayes = GaussianNB(var_smoothing=0.1).fit(flat, y)
out["bayes"] = [bayes.predict_log_proba(flat[:5]).tolist(), bayes.sample(2, g)[0].tolist()]
out["solve"] = solve(torch.eye(3) * 2, torch.ones(3)).tolist()
linear = LinearGaussian.fit(flat[:, 20:30], 3)
model = linear.vae()
z = torch.randn(len(x), 3, generator=g)
mu, logvar = model.encoder(flat[:, 20:30])
out["vae"] = [log_weight(model, flat[:, 20:30], z, mu, logvar).tolist(), sample(model, 2, g).tolist()]
images, labels = torch.rand(20, 1, 28, 28, generator=g) * 2 - 1, torch.arange(20) % 10
for name in MODELS:
    recipe = recipe_of(name, small=name == "ddpm")
    made, done = train(recipe, images, labels, steps=2)
    out[name] = [done, sum(v.double().sum().item() for v in made.state_dict().values()),
                 recipe.measure(made.eval(), images, labels)]
out["ships"] = pretrained("vae").decode(torch.zeros(1, 16)).sum().item()
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def numbers(tmp_path_factory):
    return run(ROOT, NUMBERS, tmp_path_factory.mktemp("full"))


@pytest.mark.parametrize("name", ALL)
def test_the_rest_of_dgm_computes_the_same(made, tmp_path, name, numbers):
    assert run(made / name, NUMBERS, tmp_path) == numbers


PLUGIN = """
import dgm, pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    error = call.excinfo and call.excinfo.value
    while error is not None:
        if type(error).__name__ == "UseYourOwn":
            report.outcome, report.longrepr = "skipped", (dgm.__file__, 0, "Skipped: asked for")
        error = error.__cause__ or error.__context__
    return report
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_the_tests_of_dgm_pass_or_are_refused(made, tmp_path, name):
    (tmp_path / "refused.py").write_text(PLUGIN)
    path = os.pathsep.join(map(str, (made / name, tmp_path, ROOT)))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-rs", "-m", "not slow"]  # noqa: RUF005
        + ["-o", "pythonpath=", "-p", "refused", "-p", "no:cacheprovider"]
        + [str(ROOT / "tests" / "dgm")],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert f"{made.name}/{name}/dgm/__init__.py" in done.stdout  # where the refused ones found dgm
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 200


METHODS = """
import json, pickle, sys, torch
from dgm.vae import VAE, sample
net = torch.nn.Linear(2, 2)
encoder = torch.nn.Identity()
model = VAE(encoder, net, 2)
words = []
for go in (lambda: model.decode(torch.zeros(1, 2)), lambda: VAE.decode(model, torch.zeros(1, 2)),
           lambda: getattr(model, "forward")(1), lambda: model(torch.zeros(1, 2))):
    try:
        go()
    except RuntimeError as error:
        words.append(str(error))
assert isinstance(pickle.loads(pickle.dumps(model)), VAE)
print(json.dumps([words, list(sample(model, 3).shape)]))
"""


def test_methods_are_refused_and_dgm_still_calls_them(tmp_path):
    student_edition.make([student_edition.Asked("dgm.vae", "VAE", ("decode", "forward"))], tmp_path)
    words, shape = run(tmp_path, METHODS, tmp_path)
    ending = "is what this assignment asks you to write; use your own"
    decode, forward = (f"dgm.vae.VAE.{m} {ending} {m}" for m in ("decode", "forward"))
    assert words == [decode, decode, forward, forward]
    assert shape == [3, 2]


def test_models_travel_between_the_editions(made, tmp_path):
    save = (
        "import json, pickle, torch; from dgm.zoo.models import pretrained\n"
        "model = pretrained('vae'); pickle.dump(model, open('model', 'wb'))\n"
        "print(json.dumps(sum(v.sum().item() for v in model.state_dict().values())))"
    )
    read = (
        "import json, pickle, torch; from dgm.vae import VAE, sample\n"
        "model = pickle.load(open('model', 'rb')); assert isinstance(model, VAE); sample(model, 1)\n"
        "print(json.dumps(sum(v.sum().item() for v in model.state_dict().values())))"
    )
    for there, back in ((ROOT, made / "03-vae"), (made / "03-vae", ROOT)):
        assert run(there, save, tmp_path) == run(back, read, tmp_path)


def test_twice_is_the_same_byte_for_byte_and_nothing_else_is_left(made, tmp_path):
    code = (
        "import sys, json; from pathlib import Path; from course.grading.sandbox import student_edition\n"
        "student_edition.make(student_edition.asked('03-vae'), Path(sys.argv[1])); print(json.dumps(0))"
    )
    for _ in range(2):  # the second time over the first, each with another seed of hashes
        run(ROOT, code, tmp_path, tmp_path / "again")
    assert [p.name for p in (tmp_path / "again").iterdir()] == ["dgm"]

    def files(place: Path) -> dict[str, bytes]:
        return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}

    again, first = files(tmp_path / "again"), files(made / "03-vae")
    assert again == first
    assert "dgm/zoo/weights/vae.safetensors" in first


def test_a_name_that_is_not_there_is_an_error_and_leaves_nothing(tmp_path):
    with pytest.raises(CourseError, match=r"dgm\.vae\.elbow; was it renamed"):
        student_edition.make([student_edition.Asked("dgm.vae", "elbow")], tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_its_bytecode_it_says_so(made, tmp_path):
    done = subprocess.run(
        [sys.executable, "-O", "-P", "-c", "import dgm.vae"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(made / "03-vae")},
        capture_output=True,
        text=True,
    )
    assert "ImportError: this student edition of dgm runs from its bytecode" in done.stderr
