"""One submission on trial: its cells run in a guest (`running`), each check here, and what each said."""

import contextlib
import hashlib
import linecache
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.checks.telling import Open
from course.grading.records import CheckResult, Flag, Outcome
from course.grading.run import follow, messages
from course.grading.run.running import Running, how
from course.grading.sandbox.bridge.channel import Gone, TimedOut


@dataclass
class Trial(Running):
    """One submission on trial, in a process of its own."""

    note: Callable[[Outcome], None] = lambda outcome: None  # is told after each answer's checks
    failed: set[str] = field(default_factory=set)  # answers that have not passed all their checks

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

    def _check(self, due: list[str], answer: str) -> None:
        """Run the checks `due` of an answer, and note what each said.

        What does not pass is tried with the course's own definitions in place of failed earlier ones.
        """
        checks = self.outcome.record.checks
        if not due:
            return
        texts = [self.job.checks[grade_id] for grade_id in due]
        used = follow.uses(answer, self.before, texts, self.base.course, self.failed)
        classes = [one.name for one in used if isinstance(one.value, type)]
        if not any(one.answer in self.lost for one in used):  # else it would die of that
            self._try(due, answer, [])
        again = [d for d in due if d not in checks or checks[d].state != "passed"]
        if again:
            lent = [
                one for one in used if one.name not in classes and self._may(one, answer, texts)
            ]
            if lent or any(d not in checks for d in due):
                self._try(again, answer, lent)
            for grade_id in again:
                if (said := checks[grade_id]).state == "failed":
                    said.also = messages.followed([one.name for one in lent], classes)
        if any(checks[d].state != "passed" for d in due):
            self.failed.add(answer)
        self.note(self.outcome)

    def _may(self, one: follow.Course, answer: str, texts: list[str]) -> bool:
        """Whether the course's own definition may stand in while an answer is checked."""
        asked = self.base.of(answer)
        if follow.goes_on(one.value) or follow.leads_to(one.value, [a.value for a in asked]):
            return False
        given = {o.name: o.value for o in self.base.course.values()} | {a.name: one.value for a in asked}  # fmt: skip
        for text in texts:
            try:
                with _alarm(self._limit()):
                    exec(compile(text, "<stand-in>", "exec"), dict(self.base.names) | given)
            except TimedOut:
                return False
            except Exception:
                continue
            return False  # the asked thing itself, under another name
        return True

    def _try(self, due: list[str], answer: str, lent: list[follow.Course]) -> None:
        """Run checks, with the course's definitions `lent`; note what each of them said."""
        checks = self.outcome.record.checks
        try:
            if self._is_there(answer) and self.guest is None:
                self._prepare(answer)
            if self._is_there(answer):
                self._ask(due, answer, lent)
        except Gone as gone:
            first, self.alone = not self.alone, True
            if first and how(gone) == "dead":  # was it this answer, or a cell before it?
                self._stop()
                self.outcome.record.restarts += 1
                left = [d for d in due if d not in checks or (lent and checks[d].state != "passed")]
                return self._try(left, answer, lent)
            if lent and all(d in checks for d in due):  # what was said of them before stands
                return self._stop()
            self._died(answer, gone)
        for grade_id in due:
            if grade_id not in checks:
                checks[grade_id] = self._lost(self.job.points[grade_id], self.lost[answer])

    def _lost(self, points: float, how: str) -> CheckResult:
        self._flag(Flag("killed", messages.killed(how, self._allowed(how))))
        return CheckResult("lost", points, messages.lost(how, self._allowed(how)))

    def _flag(self, flag: Flag) -> None:
        if flag not in self.outcome.record.flags:
            self.outcome.record.flags.append(flag)

    def _ask(self, due: list[str], answer: str, lent: list[follow.Course]) -> None:
        """Run checks here; the answer's functions are asked for in a fork of the guest."""
        assert self.guest is not None
        channel, limit = self.guest.channel, self._limit()
        asked = [place for one in self.base.of(answer) for place in one.places]
        places = {place: one.name for one in lent for place in one.places}
        seconds = 2 * limit * len(due) + 5
        channel.send({"op": "check", "seconds": seconds, "asked": asked, "lent": places})
        for grade_id in due:
            begun = time.monotonic()
            result = self._one(grade_id, answer, channel, lent)
            result.seconds = time.monotonic() - begun
            self._keep(grade_id, result, lent)
        with channel.within(limit):
            channel.tell("over")
            for _ in range(1000):  # a guest that talks on and on says nothing that counts
                message = channel.receive()
                if isinstance(message, dict) and "ended" in message:
                    return
        raise Gone("the guest talks out of turn")

    def _keep(self, grade_id: str, result: CheckResult, lent: list[follow.Course]) -> None:
        """Note what a check says; of a second try only what is news."""
        checks = self.outcome.record.checks
        if lent and result.state == "passed":
            result.through = [one.name for one in lent]
        elif lent and grade_id in checks and (checks[grade_id].state, result.state) != ("open", "failed"):  # fmt: skip
            return
        checks[grade_id] = result

    def _one(
        self, grade_id: str, answer: str, channel: Any, lent: Sequence[follow.Course] = ()
    ) -> CheckResult:
        """What one check says. Raises `Gone` where the guest dies or hangs.

        The answer cannot change what the check draws from or compares with. Where it has tried to,
        and passed without, the check is asked once more with what it has changed to be looked at.
        """
        result, touched = self._exchange(grade_id, answer, channel, "nothing", lent)
        if result.state == "passed" and touched:
            shows = "modules" if grade_id in self.job.hidden else "all"
            result, _ = self._exchange(grade_id, answer, channel, shows, lent)
        return result

    def _exchange(
        self, grade_id: str, answer: str, channel: Any, shows: str, lent: Sequence[follow.Course]
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
        names |= {one.name: one.value for one in lent}
        torch.manual_seed(0)
        problem: Exception | None = None
        within = channel.within(limit), _alarm(limit + 1), peer.watching_backward()
        with contextlib.ExitStack() as stack:
            for one in [*within, *([follow.bounded()] if lent else [])]:
                stack.enter_context(one)
            try:
                for one in lent:
                    peer.lend(one.name, follow.careful(one.value, peer))
                exec(compile(source, file, "exec"), names)
            except Exception as raised:
                problem = raised
            peer.end()
        if problem is None:
            return CheckResult("passed", points), peer.touched
        error = getattr(problem, "error", None) or problem
        remote_name = getattr(error, "remote_name", "")
        if isinstance(problem, Open) or (remote_name == "NotImplementedError" and not str(problem)):
            hole = messages.raised_in(getattr(error, "remote_lines", ""))
            if hole in self.job.asked and hole not in [one.name for one in self.base.of(answer)]:
                text = f"It calls {hole}, which is not answered yet."
                return CheckResult("failed", points, text), False
            return CheckResult("open", points, "not answered yet"), False
        if remote_name == "UseYourOwn" and not lent:
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
                return (
                    f"A line of this answer's cell fails. {output['ename']}: {output['evalue']}\n\n"
                )
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
