"""The workers of a process, and what is recorded where they fail."""

import contextlib
import queue
import threading

from course.grading.records import CheckResult, Flag, Job, Outcome, Record
from course.grading.run import missing
from course.grading.run.worker import GRADE, PATIENCE, Died, Worker
from course.paths import CourseError

MACHINE = "machine failure"


class Crew:
    """The workers of this process: as many as there are jobs at one time, kept between jobs."""

    def __init__(self, grade: str = GRADE, unsafe: bool = False) -> None:
        self.grade, self.unsafe = grade, unsafe
        self.idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self.all: set[Worker] = set()
        self.lock = threading.Lock()
        self.stopped = False

    def attempt(self, job: Job) -> Outcome:
        """Run `job`; where a worker dies over it, run it once more, then say that it failed."""
        reasons = []
        for _ in range(2):
            worker = self._take()
            try:
                outcome = worker.run(job)
            except Died as problem:
                self._drop(worker)
                reasons.append(str(problem))
            except BaseException:
                self._drop(worker)
                raise
            else:
                self.idle.put(worker)
                return outcome
        return failed(job, reasons[-1])

    def _take(self) -> Worker:
        with contextlib.suppress(queue.Empty):
            return self.idle.get_nowait()
        with self.lock:
            if self.stopped:
                raise CourseError("grading was stopped")
            if self.grade == GRADE and not self.unsafe:
                missing.say()
            worker = Worker(self.grade, self.unsafe)
            self.all.add(worker)
        return worker

    def _drop(self, worker: Worker) -> None:
        worker.stop(0)
        with self.lock:
            self.all.discard(worker)

    def stop(self, patience: float = PATIENCE) -> None:
        """End all workers; a job under way ends with them."""
        with self.lock:
            self.stopped = True
            workers, self.all = self.all, set()
        for worker in workers:
            worker.stop(patience)


def failed(job: Job, why: str) -> Outcome:
    """What is recorded where the machine failed, twice. It is not stored: the next run tries again."""
    last = why.strip().splitlines()[-1] if why.strip() else "no reason given"
    text = f"The machine failed while this was run, not the submission: {last}. Grade it again."
    checks = {k: CheckResult("lost", points, text) for k, points in job.points.items()}
    return Outcome({}, Record(checks=checks, flags=[Flag(MACHINE, text)], reason=text))


def machine_failed(outcome: Outcome) -> bool:
    return any(flag.kind == MACHINE for flag in outcome.record.flags)
