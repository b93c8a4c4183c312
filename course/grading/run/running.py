"""A submission's cells in its guest: what runs, what is lost, and what is run again after a death."""

import contextlib
import time
from dataclasses import dataclass, field
from typing import Any

from course.grading.intake.pysource import definitions, names, needed
from course.grading.records import Job, Outcome
from course.grading.run import messages
from course.grading.run.follow import Course
from course.grading.sandbox.bridge.channel import Dripping, Forged, Gone, TimedOut
from course.grading.sandbox.zygote import Guest, Zygote


@dataclass
class Base:
    """What all submissions of an assignment have in common."""

    zygote: Zygote
    names: dict[str, Any]  # after the set-up, in the judge's own interpreter
    setup: set[str]  # ids of the cells that have run
    course: dict[str, Course]  # by name: the course's own definitions
    procedures: dict[str, str] = field(default_factory=dict)  # answers that return nothing

    def of(self, answer: str) -> list[Course]:
        """What an answer is asked for."""
        return [one for one in self.course.values() if one.answer == answer]


class Over(TimedOut):
    """The time is used up that a submission may take."""


@dataclass
class Running:
    """A submission of which cell after cell is run."""

    job: Job
    base: Base
    guest: Guest | None = None
    alone: bool = False  # after a death each answer gets a guest of its own
    before: list[dict] = field(default_factory=list)  # the cells that have run, or should have
    lost: dict[str, str] = field(default_factory=dict)  # cell -> how it ended; not to run again
    dead: set[str] = field(default_factory=set)  # of these not even the definitions
    outcome: Outcome = field(default_factory=Outcome)
    start: float = field(default_factory=time.monotonic)

    def _cell(self, cell: dict) -> None:
        """Run a cell of the submission, and note how it ended if it did not end well."""
        self.before.append(cell)
        try:
            if self.alone:
                self._prepare(cell["id"])
            else:
                self._run(cell)
        except Gone as gone:
            first, self.alone = not self.alone, True
            if first and how(gone) == "dead":  # was it this cell's doing? Ask it without the others
                self._stop()
                self.outcome.record.restarts += 1
                with contextlib.suppress(Over):
                    self._prepare(cell["id"])
            else:
                self._died(cell["id"], gone)

    def _run(self, cell: dict) -> None:
        """Run a cell; of one that was lost, only the definitions in it.

        What it set besides has no value then, for an older one is not what its definitions mean.
        """
        source, lost = cell["source"], cell["id"] in self.lost
        if lost:
            kept = "" if cell["id"] in self.dead else definitions(source)
            unset = sorted(names(source).bound - names(kept).bound)
            source = "".join(f"globals().pop({name!r}, None)\n" for name in unset) + kept
        if self.guest is None:
            self.guest = self.base.zygote.start()
        if lost and not source:
            return
        outputs = messages.shortened(self.guest.run(source, self._limit()))
        if not lost:
            self.outcome.outputs[cell["id"]] = outputs
            self._look(cell["id"])

    def _prepare(self, last: str) -> None:
        """A new guest, in which cell `last` runs, and of those before it what it needs.

        One that dies in it is lost, and all is done again without it.
        """
        wanted = needed({cell["id"]: cell["source"] for cell in self.before}, last)
        while True:
            self._stop()
            self.guest = self.base.zygote.start()
            for cell in (c for c in self.before if c["id"] in wanted):
                try:
                    self._run(cell)
                except Gone as gone:
                    self._died(cell["id"], gone)
                    if isinstance(gone, Over):
                        raise
                    break
            else:
                return

    def _is_there(self, answer: str) -> bool:
        """Whether something of an answer's cell can be called."""
        if answer not in self.lost:
            return True
        sources = [c["source"] for c in self.before if c["id"] == answer]
        left = {n for s in sources for n in names(definitions(s)).bound}
        return answer not in self.dead and any(one.name in left for one in self.base.of(answer))

    def _died(self, cell_id: str, gone: Gone) -> None:
        if cell_id in self.lost or isinstance(gone, (Dripping, Forged)):
            self.dead.add(cell_id)
        self.lost[cell_id] = ended = how(gone)
        what = messages.ANSWER if cell_id in self.dead else messages.CELL
        text = messages.lost(ended, self._allowed(ended), what)
        self.outcome.outputs[cell_id] = [
            {"output_type": "error", "ename": "Stopped", "evalue": text, "traceback": [text]}
        ]
        self._look(cell_id)
        self.outcome.record.restarts += 1
        self._stop()

    def _look(self, cell_id: str) -> None:
        """Note whether a cell runs."""
        failed = self.outcome.record.failed
        failed.pop(cell_id, None)
        for output in self.outcome.outputs[cell_id]:
            if output["output_type"] == "error" and cell_id not in failed:
                failed[cell_id] = f"{output['ename']}: {output['evalue']}"[:500]

    def _stop(self) -> None:
        if self.guest is not None:
            memory = self.guest.stop()
            self.outcome.record.memory = max(self.outcome.record.memory, memory)
            self.guest = None

    def _limit(self) -> float:
        left = self.start + self.job.total_timeout - time.monotonic()
        if left <= 0:
            raise Over("the submission's time is over")
        return min(self.job.timeout, left)

    def _allowed(self, how: str) -> float:
        return self.job.total_timeout if how == "over" else self.job.timeout


def how(gone: Gone) -> str:
    """The key of `messages.HOW` for it."""
    if isinstance(gone, TimedOut):
        return "over" if isinstance(gone, Over) else "long"
    return "forged" if isinstance(gone, Forged) else "dead"
