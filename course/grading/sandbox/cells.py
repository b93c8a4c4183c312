"""Runs a submission's cells in IPython, and answers a check's calls. Only ever in the guest."""

import builtins
import contextlib
import gc
import getpass
import importlib
import os
import pkgutil
import select
import signal
import socket
import sys
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from traitlets.config import Config

from course.grading.sandbox.bridge.channel import Channel, Gone
from course.grading.sandbox.bridge.peer import TOO_LONG, Peer, warm
from course.grading.sandbox.shell import Kept, Output, Shell, Stream

LENT: dict[str, Any] = {}  # while a check runs: what the judge's definitions stand in for


class Cells:
    """A shell in which the assignment's set-up has run, and what serves it to the judge."""

    def __init__(self, setup: list[str]) -> None:
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "NoColor"
        self.shell = Shell.instance(config=config)
        builtins.input = getpass.getpass = _no_input
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
            _take_away(message["asked"], message["lent"])
            self.shell.kept = Kept()  # what a check's calls print is seen by nobody
            out, err = Stream(self.shell, "stdout"), Stream(self.shell, "stderr")
            with (
                contextlib.redirect_stdout(out),  # type: ignore[type-var]
                contextlib.redirect_stderr(err),  # type: ignore[type-var]
                contextlib.suppress(Gone),
            ):
                more = True
                while more:  # a check, or the same one again
                    peer = Peer(channel, "guest", self._name, bind=self._bind)
                    with peer.watching_backward():
                        more = peer.serve()
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

    def _bind(self, name: str, value: Any) -> None:
        self.shell.user_ns[name] = LENT[name] = value


def _no_input(prompt: Any = "", *_: Any, **__: Any) -> str:
    """`input` where nobody sits at a keyboard: as if Enter were pressed."""
    print(prompt, end="")
    return ""


def import_all() -> list[str]:
    """Import every module of dgm while its bytecode can be read; the folders where that lies."""
    import dgm

    for module in pkgutil.walk_packages(dgm.__path__, "dgm."):
        with contextlib.suppress(ImportError):
            importlib.import_module(module.name)
    return sorted(map(str, Path(dgm.__path__[0]).rglob("__pycache__")))


def _take_away(places: list[str], lent: dict[str, str]) -> None:
    """Empty the course's own definitions of what is being checked, wherever a cell has kept them.

    Those `lent`, by their places, ask for the judge's of that name: dgm's own functions use them.
    """
    emptied: dict[int, tuple[types.CodeType, types.CodeType]] = {}
    for place in [*places, *lent]:
        for function in list(_functions(place)):
            name = place.rpartition(".")[2]
            text = f"{place} is what this assignment asks you to write; use your own {name}"
            empty = _with(_refuse, text)
            if place in lent:
                empty = _with(_ask, lent[place])
            emptied[id(function.__code__)] = (function.__code__, empty)
            function.__code__ = empty
    for holder in gc.get_referrers(*(old for old, _ in emptied.values())):
        if isinstance(holder, types.FunctionType) and id(holder.__code__) in emptied:
            holder.__code__ = emptied[id(holder.__code__)][1]


def _refuse(*args: Any, **kwargs: Any) -> Any:
    raise __import__("dgm._edition")._edition.UseYourOwn("…")


def _ask(*args: Any, **kwargs: Any) -> Any:
    return __import__("sys").modules["course.grading.sandbox.cells"].LENT["…"](*args, **kwargs)


def _with(function: Callable[..., Any], text: str) -> types.CodeType:
    """The code of `function` with that text in it; it needs no name of its module."""
    code = function.__code__
    return code.replace(
        co_consts=tuple(text if constant == "…" else constant for constant in code.co_consts),
        co_name=function.__name__.strip("_"),
        co_filename="<string>",
        co_firstlineno=3,
    )


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


def wait_for(pid: int, seconds: float) -> int | None:
    """The exit status of a child, or None where it is not done in time."""
    deadline = time.monotonic() + seconds
    with contextlib.suppress(AttributeError, OSError):
        watch = os.pidfd_open(pid)
        try:
            if not select.select([watch], [], [], seconds)[0]:
                return None
        finally:
            os.close(watch)
        return os.waitpid(pid, 0)[1]
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        time.sleep(0.002)
    return None
