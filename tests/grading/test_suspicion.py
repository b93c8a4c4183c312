"""What looks like an attempt on the marks is flagged, and no right answer is."""

import copy
import time

import pytest
from damage import FIRST, RELEASED, RIGHT, where
from nbformat.v4 import new_code_cell, new_notebook

from course.answers import LEAST_RIGHT
from course.attempts import texts
from course.grading.intake.pysource import LONGEST
from course.grading.intake.suspicion import scan
from course.paths import assignments


def flags_of(source, answer="sigmoid", name=FIRST, own=()):
    whole = RELEASED[name]
    notebook = new_notebook(
        cells=[copy.deepcopy(whole.cells[where(whole, k)]) for k in ("setup", answer)]
    )
    notebook.cells[1].source = source
    for n, text in enumerate(own):
        notebook.cells.insert(1, new_code_cell(text, id=f"own-{n:03d}"))
    return scan(notebook, [f"dgm.x:{a}" for a in RIGHT[name]])


@pytest.mark.parametrize("name", assignments())
def test_no_right_answer_is_flagged(name):
    tried = 0
    for answer, sources in RIGHT[name].items():
        for source in sources:
            assert flags_of(source, answer, name) == [], source
            tried += 1
    assert tried >= LEAST_RIGHT * len(RIGHT[name]) > 0


def test_the_released_notebook_is_not_flagged():
    for notebook in RELEASED.values():
        assert scan(notebook, ["sigmoid"]) == []


SUSPECT = {
    "patched library": [
        "torch.allclose = lambda *a, **k: True",
        "torch.testing.assert_close = print",
        "import numpy as np\nnp.testing.assert_allclose = print",
        "import builtins\nbuiltins.abs = lambda x: 0",
        "import builtins as b\ndef f():\n    b.all = len",
        "__builtins__['abs'] = len",
        "setattr(torch, 'equal', print)",
        "from torch import Tensor\nTensor.__eq__ = lambda a, b: True",
        "torch.Tensor.__le__: object = 3",
        "math.isfinite, x = print, 1",
        "del torch.equal",
        "import sys\nsys.modules['torch'] = None",
        "globals()['assert_close'] = print",
        "globals().update(assert_close=print)",
        "torch.__dict__.update(equal=print)",
        "vars(torch)['equal'] = print",
        "from unittest import mock\nmock.patch('torch.equal', print).start()",
        "import math\nmath.isclose = lambda *a: True",
    ],
    "notebook hook": [
        "get_ipython().ast_transformers.append(1)",
        "ip = get_ipython()\nip.input_transformers_post.append(1)",
        "get_ipython().set_custom_exc((Exception,), print)",
        "import sys\nsys.displayhook = print",
        "get_ipython().kernel.do_execute = print",
        "get_ipython().showtraceback = print",
        "setattr(get_ipython(), 'showtraceback', print)",
        "import sys\nsys.settrace(print)",
        "from ipykernel.kernelapp import IPKernelApp",
        "import IPython",
    ],
    "reads frames": [
        "import sys\nprint(sys._getframe(1))",
        "from sys import _getframe as g\ng(1)",
        "import inspect\ninspect.stack()",
        "try:\n    1 / 0\nexcept Exception as e:\n    e.__traceback__.tb_frame.f_back",
        "import gc\n[o for o in gc.get_objects()]",
        "import ctypes",
        "from ctypes import pythonapi",
        "().__class__.__base__.__subclasses__()",
        "getattr(print, '__globals__')",
        "import inspect\ninspect.getsource(assert_close)",
    ],
    "equal to everything": [
        "class A:\n    def __eq__(self, other):\n        return True",
        "class A:\n    __eq__ = lambda a, b: True",
        "class A(float):\n    def __le__(self, o): return True\n    __lt__ = __le__",
        "class T(torch.Tensor):\n    def __torch_function__(self, *a): return True",
    ],
    "copied answer": [
        "from dgm.logistic import sigmoid",
        "from dgm.logistic import sigmoid as s\ndef sigmoid(z): return s(z)",
        "from dgm.logistic import *",
        "import dgm.logistic\ndef sigmoid(z): return dgm.logistic.sigmoid(z)",
        "import dgm.logistic as d\nsigmoid = d.sigmoid",
        "from dgm import logistic\nsigmoid = logistic.sigmoid",
        "import importlib\nm = importlib.import_module('dgm.logistic')",
        "m = __import__('dgm.logistic')",
    ],
    "uses the package": ["from dgm.logistic import LogisticRegression"],
    "runs text": [
        "exec('x = 1')",
        "eval('1')",
        "import builtins\nbuiltins.exec('1')",
        "compile('1', 'f', 'exec')",
        "import pickle\npickle.loads(b'')",
        "__import__('o' + 's')",
    ],
    "processes": [
        "import os\nos._exit(0)",
        "from os import _exit\n_exit(0)",
        "import sys\nsys.exit()",
        "exit()",
        "raise SystemExit",
        "raise SystemExit(0)",
        "import os\nos.kill(os.getpid(), 9)",
        "import os\nwhile True: os.fork()",
        "import os\nos.system('ls')",
        "import subprocess",
        "def f():\n    import socket",
        "from urllib.request import urlopen",
        "import threading",
    ],
    "looks for files": [
        "open('gradebook.db')",
        "import sqlite3\nsqlite3.connect('../../gradebook.db')",
        "from pathlib import Path\nPath('.').glob('*.ipynb')",
        "open('/etc/passwd')",
        "open('../bo/x.txt')",
        "from pathlib import Path\nPath('~/x').expanduser()",
        "import os\nos.listdir('..')",
        "import os\nos.environ['DGM_COURSE_SECRET']",
        "open(file='/proc/self/maps')",
    ],
    "hard-coded": [
        "def sigmoid(z):\n    return torch.tensor([.11, .22, .33, .44, .55, .66, .77, .88])",
        "T = {1: [.11, .22, .33, .44], 2: [.55, .66, .77, .88]}",
        "def sigmoid(z):\n    if torch.equal(z, torch.tensor([0.5, 1.0])):\n        return 1",
        "def sigmoid(z):\n    if z.tolist() == [1, 2]:\n        return 1",
        "def sigmoid(z):\n    if z[0] == 1.5409961:\n        return 1",
        "def sigmoid(z):\n    if z.shape == (50,):\n        return torch.tensor(0.731)",
        "def sigmoid(z):\n    if len(z) == 50:\n        return torch.tensor([0.731])",
        "def sigmoid(z):\n    return T[z.numpy().tobytes()]",
    ],
    "seed": [
        "def sigmoid(z):\n    g = torch.Generator().manual_seed(0)",
        "def sigmoid(z):\n    torch.manual_seed(SEED)",
        "def sigmoid(z):\n    global SEED\n    SEED = 0",
        "def sigmoid(z):\n    return globals()['SEED']",
        "import numpy as np\ndef sigmoid(z):\n    return np.random.default_rng(0)",
        "import numpy as np\ndef sigmoid(z):\n    np.random.seed(3)",
        "import random\nrandom.seed(1)",
    ],
}
CASES = [(kind, source) for kind, sources in SUSPECT.items() for source in sources]


@pytest.mark.parametrize(("kind", "source"), CASES)
def test_what_is_suspicious_is_flagged(kind, source):
    found = flags_of(source)
    assert kind in {f.kind for f in found}, found
    assert {f.answer for f in found} == {"sigmoid"}
    assert all(len(f.text) > 8 for f in found)


FINE = [
    "import gc\ngc.collect()",
    "import inspect\ninspect.signature(print)",
    "import re\nP = re.compile('x')",
    "sigmoid = torch.compile(torch.sigmoid)",
    "model = torch.nn.Linear(1, 1)\nmodel.eval()\nmodel.training = False\nmodel.weight.requires_grad = False",
    "torch.backends.cudnn.deterministic = True",
    "plt.rcParams['font.size'] = 9\nplt.rcParams.update({'font.size': 9})",
    "import warnings\nwarnings.simplefilter('ignore')",
    "x, y = load('digits')",
    "def f(z, generator=None):\n    return torch.randn(3, generator=generator)",
    "def f(z, s):\n    return torch.Generator().manual_seed(int(s))",
    "class Pair:\n    def __eq__(self, other):\n        return self.a == other.a",
    "def f(z):\n    '''See ../notes.ipynb and /etc; gradebook.'''\n    return z",
    "if len(x) == 0:\n    pass",
    "def f(z):\n    if z.shape[0] == 1:\n        return torch.zeros(())\n    return z.sum() / 2.0",
    "table = [1, 2, 3, 4, 5, 6, 7, 8, 9]\nlrs = [0.01, 0.001]",
    "'a/b'.replace('/b', '')\nd = {}\nd.update(a=1)\nd['x'] = 2",
    "%matplotlib inline\n!pip install seaborn\nx = 1",
    "from math import pi as SEEDS",
]  # fmt: skip


@pytest.mark.parametrize("source", FINE)
def test_what_students_often_write_is_not_flagged(source):
    assert flags_of(source) == []


def test_own_cells_are_read_too_and_name_no_answer():
    found = flags_of("x = t", own=["import torch as t\nt.equal = print", "torch.manual_seed(0)"])
    assert [(f.kind, f.answer) for f in found] == [("patched library", "")]


def test_an_import_of_one_cell_is_known_in_the_others():
    found = flags_of("t.equal = print", own=["import torch as t"])
    assert [f.kind for f in found] == ["patched library"]


def test_a_demo_that_does_not_run_is_not_read():
    notebook = copy.deepcopy(RELEASED[FIRST])
    notebook.cells.append(new_code_cell("import os\nos._exit(0)", id="own-001"))
    assert [f.kind for f in scan(notebook, [])] == ["processes"]
    notebook.cells[-1].metadata["tags"] = ["demo"]
    assert scan(notebook, []) == []


def test_one_flag_a_kind_and_cell():
    (flag,) = flags_of("exec('1')\nexec('2')\neval('3')")
    assert flag.text == "calls exec; calls eval"


@pytest.mark.parametrize(
    "source",
    [
        "def sigmoid(z:\n  (", "\0", "x = '\ud800'", "a" + ".b" * 90_000, "-" * 150_000 + "1",
        "(" * 90_000, "f(" * 60_000, "1+" * 90_000 + "1", "if a:\n x\n" + "elif a:\n x\n" * 12_000,
        "[" * 90 + "1.5," * 40_000 + "]" * 90, "x = [" + "'a'," * 49_000 + "]", "a = " * 40_000 + "1",
        "lambda:" * 20_000 + "1", "a<" * 90_000 + "a", "9" * 5000,
    ],
    ids=range(15),
)  # fmt: skip
def test_nothing_that_is_written_stops_it(source):
    assert len(source) < LONGEST
    start = time.process_time()
    assert {f.kind for f in flags_of(source)} <= {"hard-coded", "huge cell"}
    assert time.process_time() - start < 5


def test_wrong_answers_are_rarely_suspicious():
    """A mistake is no attempt: of the wrong answers only those that set a seed are flagged."""
    for exercise, written in texts(FIRST).items():
        for name, text in written.items():
            if name.startswith("wrong_"):
                found = flags_of(text, exercise)
                assert {f.kind for f in found} <= {"seed"}, name
