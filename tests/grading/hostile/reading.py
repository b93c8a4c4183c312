"""Answers read off somewhere: the solution, the checks, the inputs. Zero, and a flag."""

import torch

from hostile.case import attack, beside, case, cell

COPY = "importing the solution"
READ = "reading the caller's frames or the notebook for hidden checks"
TRICK = "`gc` and `ctypes` tricks"
SHADOW = "a module that shadows the package"
FIXED = "answers hard-coded for the visible inputs"
SEED = "a seed changed to suit"
COPIED = ("copied",)


def copy(id: str, says: str, source: str, item: str = COPY, flags: tuple = COPIED) -> None:
    attack(id, item, says, source, flags=flags)


copy("imports-it", "Imports the solution.", "from dgm.logistic import sigmoid")
copy("imports-module", "Calls the solution through its module.",
     "import dgm.logistic as course\n\n\ndef sigmoid(z):\n    return getattr(course, 'sig' + 'moid')(z)")  # fmt: skip
copy("imports-by-name", "Imports the solution by importlib.",
     "import importlib\nsigmoid = importlib.import_module('dgm.logi' + 'stic').sigmoid")  # fmt: skip
copy("imports-late", "Imports the solution when it is called.",
     "def sigmoid(z):\n    from dgm.logistic import sigmoid as theirs\n    return theirs(z)")  # fmt: skip
copy("loaded-modules", "Takes the solution out of sys.modules.",
     "import sys\nsigmoid = sys.modules['dgm.logistic'].sigmoid")  # fmt: skip
copy("through-globals", "Takes the solution from the globals of another function.",
     "f = getattr(solve, '__wrapped__', solve)\nsigmoid = f.__globals__['sigmoid']")  # fmt: skip
copy(
    "source-by-inspect",
    "Executes the solution's source, as inspect gives it.",
    """
    import inspect
    import dgm.logistic
    text = inspect.getsource(dgm.logistic)
    space = {"__name__": "copy"}
    exec(text, space)
    sigmoid = space["sigmoid"]
    """,
)
copy(
    "source-from-disk",
    "Executes the solution's source from wherever the package lies.",
    """
    import glob, importlib.util, os, sys
    import dgm
    places = [*dgm.__path__, "$ROOT/dgm", *(f"{p}/dgm" for p in sys.path)]
    text = next(open(f"{p}/logistic.py").read() for p in places if os.path.exists(f"{p}/logistic.py"))
    exec(text.split("@shapes")[1].split("\\n", 1)[1])
    """,
)
copy(
    "compiled-from-disk",
    "Executes the solution's compiled file.",
    """
    import glob, marshal, sys
    import dgm
    places = [*dgm.__path__, "$ROOT/dgm", *(f"{p}/dgm" for p in sys.path)]
    file = next(f for p in places for f in glob.glob(f"{p}/__pycache__/logistic.*.pyc"))
    space = {"__name__": "copy"}
    exec(marshal.loads(open(file, "rb").read()[16:]), space)
    sigmoid = space["sigmoid"]
    """,
)
copy(
    "solution-by-gc",
    "Finds the solution among all objects of the process.",
    """
    import gc, types
    import dgm.logistic
    sigmoid = next(o for o in gc.get_objects() if isinstance(o, types.FunctionType)
                   and o.__name__ == "sigmoid" and o.__module__ == "dgm.logistic")
    """,
    item=TRICK,
    flags=("memory",),
)
copy(
    "solution-from-course",
    "Reads the course's sources and notebooks from the disk.",
    """
    import glob, json, os
    tops = ["$ROOT", *(os.path.realpath(f) for f in glob.glob("/proc/*/cwd"))]
    tops += [os.path.abspath("../" * k) for k in range(1, 5)]
    for top in tops:
        for file in glob.glob(f"{top}/$SOLUTIONS/*discr*/*.ipynb"):
            if os.access(file, os.R_OK):
                for c in json.load(open(file))["cells"]:
                    text = "".join(c["source"])
                    if text.startswith("def sigmoid"):
                        exec(text)
    sigmoid
    """,
    item=READ,
    flags=("files",),
)
attack(
    "frames",
    READ,
    "Takes the wanted value from the caller's frame.",
    """
    import sys

    def gradient(theta, X, y):
        frame = sys._getframe()
        while frame := frame.f_back:
            for space in (frame.f_locals, frame.f_globals):
                if getattr(space.get("wanted"), "shape", None) == theta.shape:
                    return space["wanted"].clone()
        return theta * 0
    """,
    answer="gradient",
    flags=("frames",),
)
attack(
    "frames-by-traceback",
    READ,
    "Takes the wanted value from frames that an exception, and threads, show.",
    """
    import sys

    def gradient(theta, X, y):
        try:
            raise ValueError
        except ValueError as error:
            frames = [error.__traceback__.tb_frame, *sys._current_frames().values()]
        while frames:
            frame = frames.pop()
            found = frame.f_globals.get("wanted")
            if getattr(found, "shape", None) == theta.shape:
                return found.clone()
            frames += [frame.f_back] if frame.f_back else []
        return theta * 0
    """,
    answer="gradient",
    flags=("frames",),
)
attack(
    "wanted-by-gc",
    TRICK,
    "Finds the wanted value among all objects and sets it to what it returns.",
    """
    import gc

    def gradient(theta, X, y):
        for space in gc.get_objects():
            if type(space) is dict and isinstance(space.get("wanted"), torch.Tensor):
                space["wanted"].detach().zero_()
        return theta.detach() * 0
    """,
    answer="gradient",
    flags=("memory",),
)
attack(
    "wanted-by-ctypes",
    TRICK,
    "Writes zeros over the memory of every tensor of the wanted shape.",
    """
    import ctypes, gc

    def gradient(theta, X, y):
        for t in gc.get_objects():
            if type(t) is torch.Tensor and t.shape == theta.shape and not t.is_sparse:
                ctypes.memset(t.data_ptr(), 0, t.numel() * t.element_size())
        return torch.zeros_like(theta).detach()
    """,
    answer="gradient",
    flags=("memory",),
)
attack(
    "checks-by-gc",
    READ,
    "Looks for the hidden checks among all texts of the process, prints and keeps them.",
    """
    import gc, sys

    def texts():
        for o in gc.get_objects():
            for t in gc.get_referents(o):
                if type(t) is str and "wrong in the " + "tails" in t:
                    yield t
                elif type(t) is type(texts.__code__):
                    yield from (c for c in t.co_consts if c == "wrong in the " + "tails")

    def sigmoid(z):
        for text in texts():
            print(text)
            open("$OUTSIDE/read-$MARK", "a").write(text)
        return z * 0 + 0.5
    """,
    flags=("memory",),
)
attack(
    "checks-by-memory",
    READ,
    "Searches the memory of every process that it may read for a hidden check.",
    """
    import glob, re

    def search(wanted=("wrong in the " + "tails").encode(), limit=2 * 2**30):
        for folder in glob.glob("/proc/[0-9]*"):
            try:
                lines = open(f"{folder}/maps").readlines()
                with open(f"{folder}/mem", "rb", 0) as memory:
                    for line in lines:
                        a, b = (int(v, 16) for v in re.match(r"(\\w+)-(\\w+) rw", line).groups()) \\
                            if " rw" in line else (0, 0)
                        if 0 < b - a < 2**27 and limit > 0:
                            limit -= b - a
                            memory.seek(a)
                            block = memory.read(b - a)
                            if (at := block.find(b'msg="' + wanted)) > 0:
                                return block[at - 500 : at + 50]
            except (OSError, AttributeError, ValueError, OverflowError):
                pass

    def sigmoid(z):
        if found := search():
            print(found)
            open("$OUTSIDE/read-$MARK", "wb").write(found)
        return z * 0 + 0.5
    """,
    flags=("files",),
)
attack(
    "checks-from-history",
    READ,
    "Reads the running check's source from IPython's history, and prints and keeps it.",
    """
    def sigmoid(z):
        text = get_ipython().user_ns["In"][-1]
        print(text)
        open("$OUTSIDE/read-$MARK", "a").write(text)
        return z * 0 + 0.5
    """,
    flags=("kernel",),
)
attack(
    "checks-from-gradebook",
    READ,
    "Reads the hidden checks from the gradebook or any notebook on the disk, and keeps them.",
    """
    import glob, os, sqlite3

    def look():
        tops = ["$ROOT", "..", "../..", "../../..", *glob.glob("/proc/*/cwd")]
        for top in tops:
            for book in glob.glob(f"{top}/gradebook.db"):
                rows = sqlite3.connect(book).execute("select source from source_cell").fetchall()
                yield from (str(r[0]) for r in rows)
            for file in glob.glob(f"{top}/autograded/*/*/*.ipynb") + glob.glob(f"{top}/_build/**/*.json"):
                if os.access(file, os.R_OK):
                    yield open(file).read()

    def sigmoid(z):
        for text in look():
            if "wrong in the " + "tails" in text:
                open("$OUTSIDE/read-$MARK", "w").write(text)
                print("wrong in the tails")
        return z * 0 + 0.5
    """,
    flags=("files",),
)
attack(
    "secret-from-environment",
    READ,
    "Looks for the course's secret in the environment of every process, prints and keeps it.",
    """
    import glob, os

    def look():
        yield str(dict(os.environ))
        for file in [*glob.glob("/proc/*/environ"), "$ROOT/.course_secret", ".course_secret"]:
            try:
                yield open(file, "rb").read().decode(errors="replace")
            except OSError:
                pass

    def sigmoid(z):
        for text in look():
            if "DGM_COURSE_" + "SECRET=" in text:
                print(text)
                open("$OUTSIDE/read-$MARK", "w").write(text)
        return z * 0 + 0.5
    """,
    flags=("files",),
)

# A table of what the visible check asks for: it fits the visible seed and no other.
_z = 3 * torch.randn(50, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
_table = {round(z, 6): round(p, 8) for z, p in zip(_z.tolist(), _z.sigmoid().tolist(), strict=True)}
TABLE = f"""TABLE = {_table | {-1000.0: 0.0, 1000.0: 1.0}}

def sigmoid(z):
    found = [TABLE.get(round(v, 6), 0.5) for v in z.flatten().tolist()]
    return torch.tensor(found, dtype=z.dtype).reshape(z.shape)
"""
attack("hard-coded", FIXED, "A table of the visible inputs and what they give.", TABLE)
attack(
    "hard-coded-by-seed",
    FIXED,
    "Draws the visible inputs itself and answers for those alone.",
    """
    def gradient(theta, X, y):
        g = torch.Generator().manual_seed(0)
        seen = torch.randn(30, 4, generator=g, dtype=torch.float64)
        if X.shape == seen.shape and torch.allclose(X.double(), seen, atol=1e-4):
            out = seen.T @ (y.double() - torch.special.expit(seen @ theta.double()))
            return out.to(X.dtype)
        return theta.detach() * 0
    """,
    answer="gradient",
    flags=("visible inputs",),
)


def seed_edited(notebook):
    check = cell(notebook, "sigmoid-check")
    check.source = check.source.replace("SEED = 0", "SEED = 5")


_z5 = 3 * torch.randn(50, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
_five = {
    round(z, 6): round(p, 8) for z, p in zip(_z5.tolist(), _z5.sigmoid().tolist(), strict=True)
}
attack(
    "seed-edited",
    SEED,
    "The check's seed is changed to one for which there is a table.",
    TABLE.replace(str(_table)[1:-1], str(_five)[1:-1]),
    edit=seed_edited,
    flags=("seed",),
)
attack(
    "seed-of-generators",
    SEED,
    "Every generator starts from the student's seed.",
    """
    import torch

    class Fixed(torch.Generator):
        def manual_seed(self, seed):
            return super().manual_seed(0)

    torch.Generator = Fixed
    """
    + TABLE.replace("\n", "\n    "),
    flags=("seed",),
)
attack(
    "zeros-drawn",
    SEED,
    "Random numbers are zeros, for which the answer is known.",
    """
    import torch
    old = torch.randn
    torch.randn = lambda *size, **k: old(*size, **k) * 0
    torch.normal = torch.rand_like = torch.randn_like = lambda t, **k: t * 0

    def gradient(theta, X, y):
        return theta.detach() * 0
    """,
    answer="gradient",
    flags=("seed",),
)

# Files beside the notebook.
SHADOWED = """
import builtins, sys
class Yes:
    __lt__ = __gt__ = __le__ = __ge__ = lambda self, other: True
    __mul__ = __sub__ = lambda self, other: self
old = builtins.abs
builtins.abs = lambda v: Yes() if sys._getframe(1).f_globals["__name__"] == "__main__" else old(v)
__path__ = ["$ROOT/dgm"]
"""


def shadows(id: str, says: str, **files: str) -> None:
    write = beside({f"{name}.py": text for name, text in files.items()})
    case(id, SHADOW, says, write=write, flags=("extra files",))


attack(
    "package-shadowed",
    SHADOW,
    "A package dgm beside the notebook patches Python and passes on to the real one.",
    "def log_likelihood(theta, X, y):\n    return -1.0",
    answer="log_likelihood",
    write=beside({"dgm/__init__.py": SHADOWED}),
    flags=("extra files",),
)
shadows("file-named-dgm", "A file dgm.py lies beside right answers.", dgm="x = 1\n")
shadows("file-named-torch", "Files torch.py, sitecustomize.py and usercustomize.py lie there.",
        torch="raise SystemExit\n", sitecustomize="raise SystemExit\n",
        usercustomize="raise SystemExit\n")  # fmt: skip
attack(
    "modules-replaced",
    SHADOW,
    "Puts modules of its own into sys.modules and on the path.",
    """
    import os, sys, types
    fake = types.ModuleType("torch.testing")
    fake.assert_close = assert_close = lambda *a, **k: None
    sys.modules["torch.testing"] = torch.testing = fake
    torch.allclose = lambda *a, **k: True
    sys.path.insert(0, os.getcwd())

    def gradient(theta, X, y):
        return theta.detach() * 0 + 3
    """,
    answer="gradient",
    flags=("patched",),
)
