"""IPython as a cell's home in the guest: what a cell prints, shows or raises is kept, and cut to size.

A cell runs statement by statement, and one that fails does not take along those below it. Only
where one of these would use what the failed one was to set, and that has an older value, it is not
run: nothing is made of new and old together. What belongs to a notebook's page and not to an answer
(most magics, `input`, the kernel) does nothing.
"""

import ast
import types
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import import_pylab
from traitlets import Type

from course.grading.intake.pysource import Names, names

MAGICS = {"time", "timeit", "prun", "run", "precision", "env", "set_env", "cd", "pwd"}
BODIES = {"time", "timeit", "prun", "capture"}  # what stands below them runs as if they did not
FILES = {"writefile", "file"}
PIECES = 300  # outputs that a cell may have
TEXT = 200_000  # characters of output that a cell may keep
PICTURE = 3_000_000

Output = dict[str, Any]


class Kept:
    """The outputs of the cell that runs, as nbformat writes them, cut where they are too long."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.left = TEXT

    def write(self, text: str, name: str = "stdout") -> int:
        part = str(text)[: self.left]
        self.left -= len(part)
        if part:
            last = self.outputs[-1] if self.outputs else {}
            if last.get("name") == name:
                last["text"] += part
            else:
                self.outputs.append({"output_type": "stream", "name": name, "text": part})
            if not self.left:
                self.outputs.append({"output_type": "stream", "name": name, "text": "\n… cut here\n"})  # fmt: skip
        return len(text)

    def show(self, kind: str, data: dict[str, Any]) -> None:
        kept = {}
        for form, most in (("text/plain", min(self.left, TEXT)), ("image/png", PICTURE)):
            if isinstance(found := data.get(form), str) and len(found) <= max(most, 20_000):
                kept[form] = found
                self.left -= len(found) if form == "text/plain" else 0
        if kept and len(self.outputs) < PIECES:
            more = {"execution_count": None} if kind == "execute_result" else {}
            self.outputs.append({"output_type": kind, "data": kept, "metadata": {}} | more)

    def error(self, name: str, text: str, lines: list[str]) -> None:
        if len(self.outputs) < PIECES:
            self.outputs.append(
                {"output_type": "error", "ename": name, "evalue": text[:5000],
                 "traceback": [line[:5000] for line in lines[-50:]]}
            )  # fmt: skip


class Stream:
    """What stands as `sys.stdout` and `sys.stderr`."""

    encoding = "utf-8"

    def __init__(self, shell: "Shell", name: str) -> None:
        self.shell, self.name = shell, name

    def write(self, text: str) -> int:
        return self.shell.kept.write(text, self.name)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return 1 if self.name == "stdout" else 2


class Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:
        self.shell.kept.show("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.kept.outputs.clear()


class Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.kept.show("execute_result", format_dict)

    def finish_displayhook(self) -> None:
        pass


class Nothing:
    """Stands for what a notebook's server has: whatever is asked of it, nothing happens."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self


class Shell(InteractiveShell):
    kept = Kept()
    kernel = Nothing()
    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def init_io(self) -> None:
        pass

    def enable_gui(self, gui: Any = None) -> None:
        """There is none."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.kept.error(getattr(etype, "__name__", "Error"), str(evalue), list(stb))

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        if magic_name in MAGICS:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        if magic_name == "pylab":
            import_pylab(self.user_ns)
        return None

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        if magic_name in FILES:
            return super().run_cell_magic(magic_name, line, cell)
        if magic_name in BODIES:
            self.run_cell(cell, store_history=False)
        return None

    async def run_ast_nodes(
        self,
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Any = compile,
        result: Any = None,
    ) -> bool:
        """Run each statement, whatever became of those before it; whether one failed."""
        failed, old = False, set[str]()  # names that should have a new value
        nodes = [one for node in nodelist for one in _apart(node)]
        for number, node in enumerate(nodes):
            if uses := sorted(old and old & _names(node).used):
                text = f"line {node.lineno} uses {uses[0]}, which a line above it was to set and did not"
                self.kept.error("NotRun", text, [f"NotRun: {text}"])
                old |= {n for n in _names(node).bound if n in self.user_ns}
                continue
            shown = interactivity if number == len(nodes) - 1 else "none"
            before = dict(self.user_ns)
            if await super().run_ast_nodes([node], cell_name, shown, compiler, result):
                failed = True
                was = {n: before[n] for n in _names(node).bound if n in before}
                old |= {n for n, value in was.items() if self.user_ns.get(n) is value and not (
                    isinstance(node, ast.Import) and isinstance(value, types.ModuleType))}  # fmt: skip
            elif old:
                old -= _names(node).bound
        return failed or bool(old)


def _apart(node: ast.stmt) -> list[ast.stmt]:
    """A statement; of an import, one for each name, for each may fail alone."""
    if isinstance(node, ast.Import):
        return [ast.copy_location(ast.Import([name]), node) for name in node.names]
    if isinstance(node, ast.ImportFrom):
        parts = [ast.ImportFrom(node.module, [name], node.level) for name in node.names]
        return [ast.copy_location(part, node) for part in parts]
    return [node]


def _names(node: ast.stmt) -> Names:
    try:
        return names(ast.unparse(node))
    except (ValueError, RecursionError):
        return Names()
