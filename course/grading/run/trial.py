"""One submission on trial: its cells run in a guest, each check here, and what each of them said."""

import contextlib
import hashlib
import linecache
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from course.grading.intake.pysource import needed
from course.grading.records import CheckResult, Flag, Job, Outcome
from course.grading.run import messages
from course.grading.sandbox.bridge.channel import Dripping, Forged, Gone, TimedOut
from course.grading.sandbox.zygote import Guest, Zygote


@dataclass
class Base:
    """What all submissions of an assignment have in common."""

    zygote: Zygote
    names: dict[str, Any]  # after the set-up, in the judge's own interpreter
    setup: set[str]  # ids of the cells that have run
    asked: dict[str, list[str]]  # by answer: where the course's own definitions lie
    procedures: dict[str, str] = field(default_factory=dict)  # what returns nothing


@dataclass
class Trial:
    """One submission on trial, in a process of its own."""

    job: Job
    base: Base
    note: Callable[[Outcome], None] = lambda outcome: None  # is told after each answer's checks
    guest: Guest | None = None
    alone: bool = False  # after a death each answer gets a guest of its own
    before: list[dict] = field(default_factory=list)  # the cells that have run, or should have
    lost: dict[str, str] = field(default_factory=dict)  # cell id -> how it ended
    guilty: set[str] = field(default_factory=set)  # cells that no accident can have ended so
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
                if cell["id"] not in self.guilty:
                    with contextlib.suppress(Gone):
                        self._prepare(cell["id"])

    def _run(self, cell: dict) -> None:
        if self.guest is None:
            self.guest = self.base.zygote.start()
        outputs = self.guest.run(cell["source"], self._limit())
        self.outcome.outputs[cell["id"]] = messages.shortened(outputs)
        self.lost.pop(cell["id"], None)

    def _prepare(self, last: str) -> None:
        """A new guest, in which cell `last` runs, and of those before it what it needs."""
        self._stop()
        wanted = needed({cell["id"]: cell["source"] for cell in self.before}, last)
        for cell in self.before:
            if cell["id"] in wanted:
                if cell["id"] in self.guilty:
                    raise (TimedOut if self.lost[cell["id"]] == "long" else Gone)("lost before")
                try:
                    self._run(cell)
                except Gone as gone:
                    self._died(cell["id"], gone)
                    raise

    def _died(self, cell_id: str, gone: Gone) -> None:
        self.lost[cell_id] = how(gone)
        if isinstance(gone, (Dripping, Forged)):
            self.guilty.add(cell_id)
        text = messages.lost(self.lost[cell_id], self.job.timeout)
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
            raise TimedOut("the submission's time is over")
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
            if first and how(gone) == "dead":  # was it this answer, or a cell before it?
                self._stop()
                self.outcome.record.restarts += 1
                return self._check([d for d in due if d not in checks], answer)
            self._died(answer, gone)
        for grade_id in due:
            if grade_id not in checks:
                checks[grade_id] = self._lost(self.job.points[grade_id], self.lost[answer])
        if due:
            self.note(self.outcome)

    def _lost(self, points: float, how: str) -> CheckResult:
        self._flag(Flag("killed", messages.killed(how, self.job.timeout)))
        return CheckResult("lost", points, messages.lost(how, self.job.timeout))

    def _flag(self, flag: Flag) -> None:
        if flag not in self.outcome.record.flags:
            self.outcome.record.flags.append(flag)

    def _ask(self, due: list[str], answer: str) -> None:
        """Run checks here; the answer's functions are asked for in a fork of the guest."""
        assert self.guest is not None
        channel, limit = self.guest.channel, self._limit()
        asked = self.base.asked.get(answer, [])
        channel.send({"op": "check", "seconds": 2 * limit * len(due) + 5, "asked": asked})
        for grade_id in due:
            begun = time.monotonic()
            result = self._one(grade_id, answer, channel)
            result.seconds = time.monotonic() - begun
            self.outcome.record.checks[grade_id] = result
        with channel.within(limit):
            channel.tell("over")
            for _ in range(1000):  # a guest that talks on and on says nothing that counts
                message = channel.receive()
                if isinstance(message, dict) and "ended" in message:
                    return
        raise Gone("the guest talks out of turn")

    def _one(self, grade_id: str, answer: str, channel: Any) -> CheckResult:
        """What one check says. Raises `Gone` where the guest dies or hangs.

        The answer cannot change what the check draws from or compares with. Where it has tried to,
        and passed without, the check is asked once more with what it has changed to be looked at.
        """
        result, touched = self._exchange(grade_id, answer, channel, "nothing")
        if result.state == "passed" and touched:
            shows = "modules" if grade_id in self.job.hidden else "all"
            result, _ = self._exchange(grade_id, answer, channel, shows)
        return result

    def _exchange(
        self, grade_id: str, answer: str, channel: Any, shows: str
    ) -> tuple[CheckResult, bool]:
        """What a check says, with one deadline for all of it; whether changes were kept away."""
        import torch

        from course.grading.sandbox.bridge.peer import Peer, Proxy

        limit = self._limit()
        points, source = self.job.points[grade_id], self.job.checks[grade_id]
        hidden, file = grade_id in self.job.hidden, f"<{grade_id}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        peer = Peer(channel, "judge", shows=shows, secret=self._secret(grade_id))
        peer.procedures = self.base.procedures
        names = dict(self.base.names) | {n: Proxy(peer, f"name:{n}", n) for n in self.job.asked}
        torch.manual_seed(0)
        problem: Exception | None = None
        with channel.within(limit), _alarm(limit + 1), peer.watching_backward():
            try:
                exec(compile(source, file, "exec"), names)
            except Exception as raised:
                problem = raised
            peer.end()
        if problem is None:
            return CheckResult("passed", points), peer.touched
        remote_name = getattr(problem, "remote_name", "")
        if remote_name == "NotImplementedError" and not str(problem):  # as it stands in the hole
            return CheckResult("open", points, "not answered yet"), False
        if remote_name == "UseYourOwn":
            self._flag(Flag("copied", f"It calls the course's own solution: {problem}"))
        text = messages.message(problem, source, file, hidden, remote_name)
        return CheckResult("failed", points, self._not_run(answer) + text), False

    def _secret(self, grade_id: str) -> bytes:
        """The same for every submission, and known to none; another check's text has no part in it."""
        return hashlib.sha256(f"{self.job.secret}\0{grade_id}".encode()).digest()

    def _not_run(self, answer: str) -> str:
        """That the answer's cell does not run, if so: else a check only says that a name is missing."""
        for output in self.outcome.outputs.get(answer, []):
            if output["output_type"] == "error":
                return f"The cell of this answer does not run. {output['ename']}: {output['evalue']}\n\n"
        return ""


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """After so many seconds raise `TimedOut`, wherever this process then is."""

    def late(*_: Any) -> None:
        raise TimedOut("timed out")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def how(gone: Gone) -> str:
    """The key of `messages.HOW` for it."""
    if isinstance(gone, TimedOut):
        return "long"
    return "forged" if isinstance(gone, Forged) else "dead"
