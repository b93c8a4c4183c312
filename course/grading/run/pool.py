"""Runs jobs side by side, each in a worker: on this machine's cores, or through Dask."""

import contextlib
import functools
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from course.grading.records import CheckResult, Flag, Job, Outcome, Record
from course.grading.run.store import Store
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


def run(
    jobs: Iterable[Job],
    store: Store,
    *,
    workers: int = 0,
    scheduler: str = "",
    progress: bool = True,
    grade: str = GRADE,
    unsafe: bool = False,
) -> Generator[tuple[Job, Outcome]]:
    """Each job with its outcome, as they come; only those that `store` lacks are run.

    A job is begun as soon as `jobs` has given it: they may be made while the first ones run.
    """
    known: list[tuple[Job, Outcome]] = []
    waiting: dict[Any, Job] = {}
    with contextlib.ExitStack() as stack:
        for job in jobs:
            if outcome := store.get(job):
                known.append((job, outcome))
                continue
            if not waiting:
                place = on_cores
                if scheduler:
                    from course.grading.run.cluster import on_dask

                    place = functools.partial(on_dask, scheduler)
                submit, completed = stack.enter_context(place(workers, grade, unsafe))
            waiting[submit(job)] = job
        yield from known
        if not waiting:
            return
        tick = stack.enter_context(ticking(len(waiting), progress))
        for future in completed(list(waiting)):
            job = waiting.pop(future)
            try:
                outcome = future.result()
            except CourseError:
                raise
            except Exception as problem:
                outcome = failed(job, f"{type(problem).__name__}: {problem}")
            if not machine_failed(outcome):
                store.put(job, outcome)
            tick()
            yield job, outcome


@contextlib.contextmanager
def on_cores(workers: int, grade: str, unsafe: bool) -> Iterator[tuple[Callable, Callable]]:
    """How to submit a job to this machine's cores, and how to have them as they are done."""
    crew = Crew(grade, unsafe)
    threads = ThreadPoolExecutor(workers or os.cpu_count() or 1)
    try:
        yield lambda job: threads.submit(crew.attempt, job), as_completed
        crew.stop(PATIENCE)
    finally:
        crew.stop(0)
        threads.shutdown(cancel_futures=True)


@contextlib.contextmanager
def ticking(total: int, progress: bool) -> Iterator:
    """A function to call after each job: moves a bar, or prints a line for every tenth."""
    if progress and sys.stderr.isatty():
        from tqdm import tqdm

        with tqdm(total=total, desc="grading", unit=" submissions") as bar:
            yield bar.update
        return
    start, done = time.monotonic(), 0

    def tick() -> None:
        nonlocal done
        done += 1
        if progress and 10 * done // total > 10 * (done - 1) // total:
            left = (time.monotonic() - start) * (total - done) / done
            print(f"run {done} of {total}, about {left:.0f} s left", file=sys.stderr, flush=True)

    yield tick
