"""Answers taken from the course's own solution: zero for them, and a flag."""

from hostile.case import attack

COPY = "importing the solution"
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
    item="`gc` and `ctypes` tricks",
    flags=("memory",),
)
copy(
    "solution-from-course",
    "Reads the course's sources and notebooks from the disk.",
    """
    import glob, json, os
    tops = ["$ROOT", *glob.glob("/proc/*/cwd")]
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
    item="reading the caller's frames or the notebook for hidden checks",
    flags=("files",),
)
