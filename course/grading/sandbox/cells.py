"""Runs a submission's cells in IPython, and answers a check's calls. Only ever in the guest."""

import contextlib
import gc
import importlib
import os
import pkgutil
import signal
import socket
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from course.grading.sandbox.bridge.channel import Channel, Gone
from course.grading.sandbox.bridge.peer import TOO_LONG, Peer, warm
from course.grading.sandbox.guest import PICTURE, TEXT, wait_for

Output = dict[str, Any]
REFUSE = """
def refuse(*args, **kwargs):
    from dgm._edition import UseYourOwn
    raise UseYourOwn({text!r})
"""


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
        if kept and len(self.outputs) < 200:
            more = {"execution_count": None} if kind == "execute_result" else {}
            self.outputs.append({"output_type": kind, "data": kept, "metadata": {}} | more)

    def error(self, name: str, text: str, lines: list[str]) -> None:
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


class Shell(InteractiveShell):
    kept = Kept()
    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def init_io(self) -> None:
        pass

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.kept.error(getattr(etype, "__name__", "Error"), str(evalue), list(stb))


class Cells:
    """A shell in which the assignment's set-up has run, and what serves it to the judge."""

    def __init__(self, setup: list[str]) -> None:
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "NoColor"
        self.shell = Shell.instance(config=config)
        self.problem, self.bytecode = "", import_all()
        warm()
        x = torch.ones(1, requires_grad=True)
        torch.autograd.grad(
            2 * x, x, torch.ones(1)
        )  # what torch imports at a first use, before any fork
        for source in setup:
            for output in self.run(source):
                if output["output_type"] == "error":
                    self.problem = f"{output['ename']}: {output['evalue']}"
        gc.freeze()  # a collection in a fork need not touch, and so copy, what all forks share

    def run(self, source: str) -> list[Output]:
        """Run one cell; what it printed, showed or raised."""
        kept = self.shell.kept = Kept()
        out, err = Stream(self.shell, "stdout"), Stream(self.shell, "stderr")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):  # type: ignore[type-var]
            try:
                self.shell.run_cell(source, store_history=False)
            except BaseException as problem:  # SystemExit and what else IPython lets through
                kept.error(type(problem).__name__, str(problem), [])
        return kept.outputs

    def serve(self, end: socket.socket, settings: dict) -> None:
        """Answer the judge until it goes away."""
        channel = Channel(end)
        with contextlib.suppress(Gone):
            while True:
                message = channel.receive()
                if message["op"] == "run":
                    outputs = self.run(message["source"])
                    channel.send({"outputs": outputs})
                elif message["op"] == "check":
                    channel.send(self._check(channel, message, settings["sandbox"]))

    def _check(self, channel: Channel, message: dict, alone: bool) -> dict[str, Any]:
        """Let a fork of this process answer the calls of one answer's checks."""
        try:
            child = os.fork()
        except OSError as problem:  # the submission's own processes are in the way
            return {"ended": str(problem)}
        if child == 0:
            _take_away(message["asked"])
            self.shell.kept = Kept()  # what a check's calls print is seen by nobody
            out, err = Stream(self.shell, "stdout"), Stream(self.shell, "stderr")
            with (
                contextlib.redirect_stdout(out),  # type: ignore[type-var]
                contextlib.redirect_stderr(err),  # type: ignore[type-var]
                contextlib.suppress(Gone),
            ):
                for _ in range(message["checks"]):
                    peer = Peer(channel, "guest", self._name)
                    with peer.watching_backward():
                        peer.serve()
            os._exit(0)
        status = wait_for(child, message["seconds"])
        if status is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if alone and os.getpid() == 1:  # first in its namespace: what a check has started ends too
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(-1, signal.SIGKILL)
        return {"ended": TOO_LONG if status is None else os.waitstatus_to_exitcode(status)}

    def _name(self, name: str) -> Any:
        try:
            return self.shell.user_ns[name]
        except KeyError:
            raise NameError(f"name {name!r} is not defined") from None


def import_all() -> list[str]:
    """Import every module of dgm while its bytecode can be read; the folders where that lies."""
    import dgm

    for module in pkgutil.walk_packages(dgm.__path__, "dgm."):
        with contextlib.suppress(ImportError):
            importlib.import_module(module.name)
    return sorted(map(str, Path(dgm.__path__[0]).rglob("__pycache__")))


def _take_away(places: list[str]) -> None:
    """Empty the course's own definitions of what is being checked, wherever a cell has kept them."""
    emptied: dict[int, Any] = {}
    for place in places:
        name = place.rpartition(".")[2]
        text = f"{place} is what this assignment asks you to write; use your own {name}"
        space: dict[str, Any] = {}
        exec(REFUSE.format(text=text), space)
        for function in list(_functions(place)):
            emptied[id(function.__code__)] = (function.__code__, space["refuse"].__code__)
            function.__code__ = space["refuse"].__code__
    for holder in gc.get_referrers(*(old for old, _ in emptied.values())):
        if isinstance(holder, types.FunctionType) and id(holder.__code__) in emptied:
            holder.__code__ = emptied[id(holder.__code__)][1]


def _functions(place: str) -> Iterator[types.FunctionType]:
    """The functions that the definition at `place` is made of: wrapped ones, methods."""
    module = next((m for m in _prefixes(place) if m in sys.modules), "")
    value: Any = None
    for name in place.removeprefix(f"{module}.").split("."):
        inside = object.__getattribute__(sys.modules[module], "__dict__") if value is None else vars(value)  # fmt: skip
        value = inside[name]
    todo, seen = [value], set()
    while todo:
        found = todo.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        if isinstance(found, type):
            todo += vars(found).values()
        elif isinstance(found, types.FunctionType):
            if not found.__code__.co_freevars:
                yield found
            todo += [getattr(found, "__wrapped__", None)]
        else:  # a method, or what stands for it
            todo += [getattr(found, n, None) for n in ("__func__", "real", "fget")]


def _prefixes(place: str) -> list[str]:
    parts = place.split(".")
    return [".".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]
