"""Runs one submission: its cells in a guest, its checks here, where the guest's code never is.

`grade` is what a worker calls. The first call for an assignment prepares a zygote and runs the
set-up; each submission is then judged in a process forked from that one, so that no check, no
module that it imports and no random state of one submission is seen by the next.
"""

import ast
import contextlib
import gc
import linecache
import os
import pickle
import select
import signal
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from course.grading.records import CheckResult, Flag, Job, Outcome
from course.grading.sandbox import student_edition
from course.grading.sandbox.bridge.channel import Gone
from course.grading.sandbox.zygote import Guest, Zygote, check_sandbox

__all__ = ["check_sandbox", "close", "grade"]
TEXT, OUTPUTS = 300_000, 300  # characters and pieces of output that a cell may keep
LOST = (
    "Your code {how}, and this answer with it. The others are not touched. Run the cell and its "
    "check at home, in a fresh kernel, and see where it {ends}."
)
HOW = {
    "long": ("ran for longer than {:.0f} seconds and was stopped", "stays"),
    "dead": ("ended the process that it runs in", "stops (exit, a crash, too much memory?)"),
}


class Late(BaseException):
    """The time for a check is over."""


@dataclass
class Base:
    """What all submissions of an assignment have in common."""

    zygote: Zygote
    names: dict[str, Any]  # after the set-up, in the judge's own interpreter
    setup: set[str]  # ids of the cells that have run
    asked: dict[str, list[str]]  # by answer: where the course's own definitions lie


_bases: dict[tuple, Base] = {}


def grade(job: Job, unsafe: bool = False) -> Outcome:
    """Run `job`; whatever the submission does, an outcome comes back.

    Raises `CourseError` where there is no sandbox, or the assignment's own set-up fails.
    """
    base = _base(job, unsafe)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        status = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            warnings.simplefilter("ignore")  # a check's own; the student has no part in it
            found = pickle.dumps(_Trial(job, base).run())
            with os.fdopen(write, "wb") as pipe:
                pipe.write(found)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        done = _read(pipe, job.total_timeout + 4 * job.timeout + 60)
    if done is None:  # not the submission's doing: it is bounded in time and cannot reach the child
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not done:
        close()  # whatever is left of the guest goes with the zygote
        raise RuntimeError(f"the judge failed on {job.student}'s {job.assignment}")
    return pickle.loads(done)


def close() -> None:
    """End the zygotes."""
    for base in _bases.values():
        base.zygote.close()
    _bases.clear()


def _read(pipe: Any, seconds: float) -> bytes | None:
    parts, deadline = [], time.monotonic() + seconds
    while select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(pipe.fileno(), 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _base(job: Job, unsafe: bool) -> Base:
    setup = []
    for cell in job.notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code":
            if about.get("solution") or about.get("grade") or cell["id"].startswith("own-"):
                break
            setup.append(cell)
    from course.grading.sandbox.bridge.peer import warm  # torch, and so not before it is needed

    key = (job.assignment, tuple(c["source"] for c in setup), unsafe)
    if key not in _bases:
        close()  # one assignment at a time: a zygote holds memory
        wanted = student_edition.asked(job.assignment)
        asked: dict[str, list[str]] = {}
        for one in wanted:
            asked.setdefault(one.answer, []).extend(one.places())
        zygote = Zygote([c["source"] for c in setup], wanted, unsafe)
        module = ModuleType("__check__")
        names = vars(module)
        warm()
        gc.freeze()
        for cell in setup:
            exec(compile(cell["source"], f"<{cell['id']}>", "exec"), names)
        _bases[key] = Base(zygote, names, {c["id"] for c in setup}, asked)
    return _bases[key]


@dataclass
class _Trial:
    """One submission on trial, in a process of its own."""

    job: Job
    base: Base
    guest: Guest | None = None
    alone: bool = False  # after a death each answer gets a guest of its own
    before: list[dict] = field(default_factory=list)  # the cells that have run, or should have
    lost: dict[str, str] = field(default_factory=dict)  # cell id -> how it ended
    outcome: Outcome = field(default_factory=Outcome)
    start: float = field(default_factory=time.monotonic)

    def run(self) -> Outcome:
        record = self.outcome.record
        answer, due = "", []  # the checks that stand together, most often an answer's two
        for cell in self.job.notebook["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            if cell["cell_type"] != "code" or cell["id"] in self.base.setup:
                continue
            if about.get("grade"):
                due.append(about["grade_id"])
            elif "demo" not in cell["metadata"].get("tags", []):
                self._check(due, answer)
                due = []
                self._cell(cell)
                if about.get("solution"):
                    answer = cell["id"]
        self._check(due, answer)
        self._stop()
        record.seconds = time.monotonic() - self.start
        return self.outcome

    # -- cells -----------------------------------------------------------------------------

    def _cell(self, cell: dict) -> None:
        """Run a cell of the submission, and note how it ended if it did not end well."""
        self.before.append(cell)
        try:
            if self.alone:
                self._prepare(cell["id"])
            else:
                self._run(cell)
        except Gone as gone:
            self._died(cell["id"], gone)
            if not self.alone:  # was it this cell's doing? Ask it without the others
                self.alone = True
                with contextlib.suppress(Gone):
                    self._prepare(cell["id"])

    def _run(self, cell: dict) -> None:
        if self.guest is None:
            self.guest = self.base.zygote.start()
        outputs = self.guest.run(cell["source"], self._limit())
        self.outcome.outputs[cell["id"]] = _clean(outputs)
        self.lost.pop(cell["id"], None)

    def _prepare(self, last: str) -> None:
        """A new guest, in which cell `last` runs, and of those before it what it needs."""
        self._stop()
        needed = _needed(self.before, last)
        for cell in self.before:
            if cell["id"] in needed:
                try:
                    self._run(cell)
                except Gone as gone:
                    self._died(cell["id"], gone)
                    raise

    def _died(self, cell_id: str, gone: Gone) -> None:
        self.lost[cell_id] = _how(gone)
        text = self._told(self.lost[cell_id])
        self.outcome.outputs[cell_id] = [
            {"output_type": "error", "ename": "Stopped", "evalue": text, "traceback": [text]}
        ]
        self.outcome.record.restarts += 1
        self._stop()

    def _stop(self) -> None:
        if self.guest is not None:
            memory = self.guest.stop()
            self.outcome.record.memory = max(self.outcome.record.memory, memory)
            self.guest = None

    def _limit(self) -> float:
        left = self.start + self.job.total_timeout - time.monotonic()
        if left <= 0:
            raise Gone("timed out: the submission's time is over")
        return min(self.job.timeout, left)

    # -- checks ----------------------------------------------------------------------------

    def _check(self, due: list[str], answer: str) -> None:
        """Run the checks `due` of an answer, and note what each said."""
        checks = self.outcome.record.checks
        try:
            if due and answer not in self.lost:
                if self.guest is None:
                    self._prepare(answer)
                self._ask(due, answer)
        except Gone as gone:
            first, self.alone = not self.alone, True
            if first and _how(gone) == "dead":  # was it this answer, or a cell before it?
                self._stop()
                self.outcome.record.restarts += 1
                return self._check([d for d in due if d not in checks], answer)
            self._died(answer, gone)
        for grade_id in due:
            if grade_id not in checks:
                checks[grade_id] = self._lost(self.job.points[grade_id], self.lost[answer])

    def _lost(self, points: float, how: str) -> CheckResult:
        self._flag(Flag("killed", f"An answer {HOW[how][0].format(self.job.timeout)}."))
        return CheckResult("lost", points, self._told(how))

    def _told(self, how: str) -> str:
        name, stay = HOW[how]
        return LOST.format(how=name.format(self.job.timeout), ends=stay)

    def _flag(self, flag: Flag) -> None:
        if flag not in self.outcome.record.flags:
            self.outcome.record.flags.append(flag)

    def _ask(self, due: list[str], answer: str) -> None:
        """Run checks here; the answer's functions are asked for in a fork of the guest."""
        assert self.guest is not None
        channel, limit = self.guest.channel, self._limit()
        asked = self.base.asked.get(answer, [])
        channel.send(
            {"op": "check", "checks": len(due), "seconds": limit * len(due), "asked": asked}
        )
        for grade_id in due:
            begun = time.monotonic()
            result = self._one(grade_id, answer, channel, limit)
            result.seconds = time.monotonic() - begun
            self.outcome.record.checks[grade_id] = result
        with channel.within(limit):
            for _ in range(1000):  # a guest that talks on and on says nothing that counts
                message = channel.receive()
                if isinstance(message, dict) and "ended" in message:
                    return
        raise Gone("the guest talks out of turn")

    def _one(self, grade_id: str, answer: str, channel: Any, limit: float) -> CheckResult:
        """What one check says. Raises `Gone` where the guest dies or hangs."""
        import torch

        from course.grading.sandbox.bridge.peer import Peer, Proxy

        points, source = self.job.points[grade_id], self.job.checks[grade_id]
        hidden, file = grade_id in self.job.hidden, f"<{grade_id}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        peer = Peer(channel, "judge", firm=hidden)
        names = dict(self.base.names) | {n: Proxy(peer, f"name:{n}", n) for n in self.job.asked}
        torch.manual_seed(0)
        problem: Exception | None = None
        try:
            with channel.within(limit), _alarm(limit + 1), peer.watching_backward():
                try:
                    exec(compile(source, file, "exec"), names)
                except Exception as raised:
                    problem = raised
                peer.end()
        except Late:
            raise Gone("timed out") from None
        if problem is None:
            return CheckResult("passed", points)
        remote_name = getattr(problem, "remote_name", "")
        if remote_name == "NotImplementedError" and not str(problem):  # as it stands in the hole
            return CheckResult("open", points, "not answered yet")
        if remote_name == "UseYourOwn":
            self._flag(Flag("copied", f"It calls the course's own solution: {problem}"))
        message = _message(problem, source, file, hidden, remote_name)
        return CheckResult("failed", points, self._not_run(answer) + message)

    def _not_run(self, answer: str) -> str:
        """That the answer's cell does not run, if so: else a check only says that a name is missing."""
        for output in self.outcome.outputs.get(answer, []):
            if output["output_type"] == "error":
                return f"The cell of this answer does not run. {output['ename']}: {output['evalue']}\n\n"
        return ""


def _how(gone: Gone) -> str:
    return "long" if "timed out" in str(gone) else "dead"


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def late(*_: Any) -> None:
        raise Late

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _needed(cells: list[dict], last: str) -> set[str]:
    """The ids of the cells that cell `last` needs: those that define the names which it uses."""
    defines: dict[str, list[str]] = {}
    uses: dict[str, set[str]] = {}
    for cell in cells:
        uses[cell["id"]] = set()
        try:
            tree = ast.parse(cell["source"])
        except SyntaxError:  # a magic, or a slip: only the cell itself can tell
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                uses[cell["id"]].add(node.id)
        for name in _top_names(tree):
            defines.setdefault(name, []).append(cell["id"])
    found, todo = set(), [last]
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo += [c for n in uses.get(here, ()) for c in defines.get(n, ())]
    return found


def _top_names(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                yield node.name
            elif isinstance(node, ast.alias):
                yield (node.asname or node.name).split(".")[0]


def _message(problem: BaseException, source: str, file: str, hidden: bool, remote_name: str) -> str:
    """What the student is told. Of a hidden check only words: no line of it and no value."""
    name = remote_name or type(problem).__name__
    inside = [f for f in traceback.extract_tb(problem.__traceback__) if f.filename == file]
    if not hidden:
        text = str(problem)
        if name == "AssertionError" and not remote_name:
            return text or "its assertion failed"
        lines = getattr(problem, "remote_lines", "").strip()
        return f"{name}: {text}" + (f"\n\n{_own_lines(lines)}" if lines else "")
    if name == "AssertionError" and not remote_name:
        words = _words(source, inside[-1].lineno or 0) if inside else ""
        return words or "it gave another result than was wanted"
    return f"your code raised {name}"


def _own_lines(lines: str) -> str:
    """The part of a traceback that lies in the student's cells."""
    kept, keep = [], False
    for line in lines.splitlines():
        if line.startswith("  File "):
            keep = "<ipython-input" in line or "ipykernel" in line or "<string>" in line
        if keep or not line.startswith(" "):
            kept.append(line)
    return "\n".join(kept[-30:])


def _words(source: str, line: int) -> str:
    """The message of the assertion at `line`, with … where it would show a value."""
    best: ast.AST | None = None
    for node in ast.walk(ast.parse(source)):
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if not first <= line <= (last or 0):
            continue
        if isinstance(node, ast.Assert) and node.msg is not None:
            best = node.msg
        elif isinstance(node, ast.Call):
            best = next((k.value for k in node.keywords if k.arg == "msg"), best)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            best = node.exc.args[0]
    if isinstance(best, ast.Constant):
        return str(best.value)
    if isinstance(best, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in best.values)
    return ""


def _clean(outputs: Any) -> list[dict[str, Any]]:
    """What a guest says were a cell's outputs, as nbformat has them, and cut to a decent length."""
    found: list[dict[str, Any]] = []
    left = TEXT
    for output in outputs[:OUTPUTS] if isinstance(outputs, list) else []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "stream":
            text = str(output.get("text", ""))[:left]
            found.append({"output_type": "stream", "name": "stdout", "text": text})
            left -= len(text)
        elif kind == "error":
            parts = [str(output.get(k, ""))[:5000] for k in ("ename", "evalue")]
            lines = [str(t)[:5000] for t in list(output.get("traceback") or [])[:60]]
            found.append({"output_type": "error", "ename": parts[0], "evalue": parts[1],
                          "traceback": lines})  # fmt: skip
        elif kind in ("display_data", "execute_result"):
            data = output.get("data") if isinstance(output.get("data"), dict) else {}
            kept = {k: str(data[k])[:4_000_000] for k in ("text/plain", "image/png") if k in data}
            found.append({"output_type": "display_data", "data": kept, "metadata": {}})
    return found
