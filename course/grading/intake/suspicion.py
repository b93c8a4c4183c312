"""Reads the student's own code for what an instructor should look at. Never proof, and no mark.

Each rule knows a way in which a submission can try for points that its answers do not earn. What
hides behind `getattr` and strings is not found: the separation of processes is what protects the
marks, and this only says where to look.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator

from nbformat import NotebookNode

from course.grading.intake.pysource import tree
from course.grading.intake.reading import Reading, ignores_other, imports, inner
from course.grading.intake.rebuild import OWN
from course.grading.records import Flag

HOOKS = {
    "ast_transformers", "input_transformers_cleanup", "input_transformers_post", "input_transformers",
    "set_custom_exc", "displayhook", "do_execute", "showtraceback", "excepthook", "run_cell",
    "iopub_socket", "iopub_thread", "shell_stream", "init_transformers", "settrace", "setprofile", "addaudithook", "meta_path", "path_hooks",
}  # fmt: skip
FRAMES = {
    "sys._getframe", "sys._current_frames", "inspect.stack", "inspect.currentframe",
    "inspect.getouterframes", "inspect.trace", "gc.get_objects", "gc.get_referrers",
    "gc.get_referents",
}  # fmt: skip
INNER = {
    "f_back", "f_globals", "f_locals", "f_code", "tb_frame", "gi_frame", "__globals__", "__code__",
    "__closure__", "__subclasses__",
}  # fmt: skip
PROCESS_MODULES = {
    "subprocess", "socket", "multiprocessing", "signal", "pty", "urllib", "requests", "http",
    "ftplib", "smtplib", "asyncio", "concurrent", "threading", "_thread", "resource", "atexit",
}  # fmt: skip
PROCESS = re.compile(
    r"(sys\.exit|os\.(_exit|kill|killpg|abort|fork|forkpty|system|popen|exec\w+|spawn\w+|posix_spawn\w*))"
)
FORBIDDEN_TEXT = re.compile(
    r"gradebook|\.ipynb|\.course_secret|DGM_COURSE_SECRET|autograded|submitted/|solutions/|nbgrader"
    r"|hidden (test|check)|BEGIN SOLUTION|^/(proc|etc|sys|dev)/",
    re.I,
)
OUTSIDE = re.compile(r"/[\w.]|~|\.\./|\.\.$|[A-Za-z]:\\")
OPENERS = {
    "open", "Path", "listdir", "scandir", "walk", "glob", "rglob", "iglob", "chdir", "load", "loadtxt",
    "genfromtxt", "fromfile", "read_csv", "read_text", "read_bytes", "write_text", "write_bytes",
    "copy", "copyfile", "copytree", "move", "rmtree", "remove", "unlink", "rename",
    "symlink", "link", "mkdir", "makedirs", "save",
}  # fmt: skip
COMPARES = {"equal", "allclose", "isclose", "array_equal", "assert_close"}
OPERATORS = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"}
IMITATES = {"__torch_function__", "__torch_dispatch__", "__array_function__", "__array_ufunc__"}
MANY_NUMBERS = 8

Found = tuple[str, str]  # kind, words


def scan(rebuilt: NotebookNode, asked: Iterable[str]) -> list[Flag]:
    """What is suspicious in the answers and the student's own cells, a flag for each kind a cell."""
    names = {name.split(":")[-1] for name in asked}
    known: dict[bool, dict[str, str]] = {
        False: {},
        True: {},
    }  # imported as released, by the student
    todo = []
    for cell in rebuilt.cells:
        found = tree(cell.source) if cell.cell_type == "code" else None
        if found is None or (cell.id.startswith(OWN) and "demo" in cell.metadata.get("tags", [])):
            continue
        own = cell.id.startswith(OWN) or cell.metadata.get("nbgrader", {}).get("solution", False)
        known[own] |= imports(found)
        if own:
            todo.append((cell, found))
    flags = []
    for cell, found in todo:
        answer = "" if cell.id.startswith(OWN) else cell.metadata.nbgrader.grade_id
        reader = Reader(found, names, known[False], known[True], bool(answer))
        seen: dict[str, dict[str, None]] = {}
        for kind, words in reader.all():
            seen.setdefault(kind, {})[words] = None
        flags += [Flag(kind, "; ".join(list(said)[:4]), answer) for kind, said in seen.items()]
    return flags


class Reader(Reading):
    """Reads one cell; `all` gives what was found."""

    def all(self) -> Iterator[Found]:
        rules: list[Callable[[], Iterator[Found]]] = [
            self.patched, self.hooks, self.frames, self.equal_to_all, self.copied, self.runs_text,
            self.processes, self.files, self.hard_coded, self.seeds,
        ]  # fmt: skip
        for rule in rules:
            yield from rule()
        if not self.whole:
            yield "huge cell", "too much code to be read in whole"

    def patched(self) -> Iterator[Found]:
        """A library's own functions replaced."""
        for node in self.nodes:
            targets: list[ast.expr] = []
            if isinstance(node, ast.Assign | ast.Delete):
                targets = node.targets
            elif isinstance(node, ast.AugAssign | ast.AnnAssign):
                targets = [node.target]
            for target in (t for whole in targets for t in inner(whole)):
                if isinstance(target, ast.Attribute) and isinstance(
                    target.ctx, ast.Store | ast.Del
                ):
                    if name := self.library(target):
                        yield "patched library", f"sets {name}"
                elif isinstance(target, ast.Subscript) and isinstance(
                    target.ctx, ast.Store | ast.Del
                ):
                    yield from self._patched_table(target.value)
        for call in self.calls:
            what = self.dotted(call.func).removeprefix("builtins.")
            if (
                what in ("setattr", "delattr")
                and call.args
                and (name := self.library(call.args[0]))
            ):
                yield "patched library", f"{what} on {name}"
            if what.startswith(("unittest.mock.", "mock.")):
                yield "patched library", f"calls {what}"
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("update", "__setitem__"):
                yield from self._patched_table(call.func.value)

    def _patched_table(self, node: ast.expr) -> Iterator[Found]:
        name = self.dotted(node)
        if isinstance(node, ast.Call):
            func = self.dotted(node.func)
            if func in ("globals", "vars") and (
                func == "globals" or (node.args and self.library(node.args[0]))
            ):
                yield "patched library", f"writes into {func}()"
        elif name == "sys.modules" or (name.endswith("__dict__") and self.library(node)):
            yield "patched library", f"writes into {name}"
        elif name == "builtins":
            yield "patched library", "writes into __builtins__"

    def hooks(self) -> Iterator[Found]:
        """The notebook's or the interpreter's own machinery."""
        for node in self.nodes:
            name = node.attr if isinstance(node, ast.Attribute) else self.text(node)
            if name in HOOKS:
                yield "notebook hook", f"touches {name}"
        for name in self.modules():
            if name.split(".")[0] in ("IPython", "ipykernel", "zmq", "jupyter_client", "nbgrader"):
                yield "notebook hook", f"imports {name}"

    def frames(self) -> Iterator[Found]:
        """What belongs to the caller, or to other parts of the process."""
        for node in self.nodes:
            if isinstance(node, ast.Attribute | ast.Name) and self.dotted(node) in FRAMES:
                yield "reads frames", f"uses {self.dotted(node)}"
            elif isinstance(node, ast.Attribute) and node.attr in INNER:
                yield "reads frames", f"reads {node.attr}"
            elif self.text(node) in INNER:
                yield "reads frames", f"names {self.text(node)}"
        for call in self.calls:
            name = self.dotted(call.func)
            if name in (
                "inspect.getsource",
                "inspect.getsourcefile",
                "linecache.getlines",
                "linecache.getline",
            ):
                yield "reads frames", f"calls {name}"
        if any(n.split(".")[0] in ("ctypes", "cffi", "_ctypes") for n in self.modules()):
            yield "reads frames", "imports ctypes or the like"

    def equal_to_all(self) -> Iterator[Found]:
        """An object that passes for any other."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef) and node.name in OPERATORS:
                if ignores_other(node):
                    yield "equal to everything", f"{node.name} never looks at the other"
            elif isinstance(node, ast.FunctionDef) and node.name in IMITATES:
                yield "equal to everything", f"defines {node.name}"
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                for target in node.targets:
                    name = getattr(target, "id", getattr(target, "attr", ""))
                    if name in OPERATORS and ignores_other(node.value):
                        yield "equal to everything", f"{name} never looks at the other"

    def copied(self) -> Iterator[Found]:
        """The package's definition in place of one's own."""
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dgm":
                for a in node.names:
                    if a.name in self.asked or a.name == "*":
                        yield "copied answer", f"imports {a.name} from {node.module}"
                    elif f"{node.module}.{a.name}" not in self.given.values():
                        yield "uses the package", f"imports {a.name} from {node.module}"
            elif isinstance(node, ast.Attribute):
                name = self.dotted(node)
                if name.startswith("dgm.") and node.attr in self.asked:
                    yield "copied answer", f"uses {name}"
        for call in self.calls:
            name = self.dotted(call.func)
            if name in ("importlib.import_module", "__import__"):
                said = " ".join(self.text(n) for n in inner(call))
                what = "copied answer" if "dgm" in said else "runs text"
                yield what, f"calls {name}"

    def runs_text(self) -> Iterator[Found]:
        """Code made of text or bytes, which cannot be read here."""
        for call in self.calls:
            name = self.dotted(call.func).removeprefix("builtins.")
            if name in (
                "exec",
                "eval",
                "compile",
                "pickle.loads",
                "marshal.loads",
                "types.CodeType",
            ):
                yield "runs text", f"calls {name}"

    def processes(self) -> Iterator[Found]:
        """Other processes, the network, the end of this one."""
        for node in self.nodes:
            if isinstance(node, ast.Attribute | ast.Name) and PROCESS.fullmatch(self.dotted(node)):
                yield "processes", f"uses {self.dotted(node)}"
            elif isinstance(node, ast.Raise) and self.leaves(node):
                yield "processes", "raises SystemExit"
        for call in self.calls:
            if isinstance(call.func, ast.Name) and call.func.id in ("exit", "quit"):
                yield "processes", f"calls {call.func.id}"
        for name in self.modules():
            if name.split(".")[0] in PROCESS_MODULES:
                yield "processes", f"imports {name}"

    def files(self) -> Iterator[Found]:
        """Files of grading, and paths that lead out of the folder."""
        for node in self.nodes:
            text = self.text(node)
            if text and id(node) not in self.docs and (hit := FORBIDDEN_TEXT.search(text)):
                yield "looks for files", f"names {hit[0]}"
        for call in self.calls:
            func = call.func
            name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
            if name not in OPENERS:
                continue
            for arg in [*call.args, *(k.value for k in call.keywords)]:
                if OUTSIDE.match(self.text(arg)):
                    yield "looks for files", f"{name} of a path outside: {self.text(arg)[:40]}"

    def hard_coded(self) -> Iterator[Found]:
        """Numbers that may be the visible check's, written down."""
        for node in self.nodes:
            if isinstance(node, ast.List | ast.Tuple) and self.numbers(node) >= MANY_NUMBERS:
                yield "hard-coded", f"{self.numbers(node)} numbers in one list"
            elif isinstance(node, ast.Dict) and sum(map(self.numbers, node.values)) >= MANY_NUMBERS:
                yield "hard-coded", "a table of numbers"
            elif isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                equal = isinstance(node.ops[0], ast.Eq | ast.NotEq)
                if equal and any(self.numbers(s) for s in sides):
                    yield "hard-coded", "compares with a number with decimals"
                if equal and any(isinstance(s, ast.List) and len(s.elts) > 1 for s in sides):
                    yield "hard-coded", "compares with a list"
            elif isinstance(node, ast.If) and self.of_shape(node.test):
                values = [r.value for b in node.body for r in inner(b) if isinstance(r, ast.Return)]
                if any(v is not None and self.numbers(v) for v in values):
                    yield "hard-coded", "gives a number for inputs of one shape"
        for call in self.calls:
            func = call.func
            name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
            if name in COMPARES and any(
                isinstance(n, ast.List | ast.Tuple) for a in call.args for n in inner(a)
            ):
                yield "hard-coded", f"{name} with a list"
            if name in ("tobytes", "md5", "sha1", "sha256"):
                yield "hard-coded", f"calls {name}, as for looking an input up"

    def seeds(self) -> Iterator[Found]:
        """The check's seed used, or one set where none should be."""
        for node in self.nodes:
            if (isinstance(node, ast.Name) and node.id == "SEED") or self.text(node) == "SEED":
                yield "seed", "uses SEED, which is the check's"
        for call in self.calls if self.is_answer else ():
            name = self.dotted(call.func) or getattr(call.func, "attr", "")
            fixed = not call.args or all(isinstance(a, ast.Constant) for a in call.args)
            if (
                name.rsplit(".")[-1]
                in ("manual_seed", "default_rng", "RandomState", "set_rng_state")
                and fixed
            ):
                yield "seed", f"calls {name.rsplit('.')[-1]} with a seed of its own"
            elif name in ("numpy.random.seed", "random.seed", "torch.set_rng_state"):
                yield "seed", f"calls {name}"
