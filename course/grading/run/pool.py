"""Runs jobs side by side, each in a worker: on this machine's cores, or through Dask."""

import contextlib
import functools
import os
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from course.grading.records import Job, Outcome
from course.grading.run.crew import Crew, failed, machine_failed
from course.grading.run.store import Store, joined
from course.grading.run.worker import GRADE, PATIENCE
from course.paths import CourseError


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
    """Each job with its outcome, as they come; only what `store` lacks of them is run.

    A job is begun as soon as `jobs` has given it: they may be made while the first ones run.
    """
    known: list[tuple[Job, Outcome]] = []
    waiting: dict[Any, tuple[Job, Job, Outcome | None]] = {}  # the job, its part, what is known
    with contextlib.ExitStack() as stack:
        for job in jobs:
            outcome, left = store.look(job)
            if left is None and outcome:
                known.append((job, outcome))
                continue
            if not waiting:
                place = on_cores
                if scheduler:
                    from course.grading.run.cluster import on_dask

                    place = functools.partial(on_dask, scheduler)
                submit, completed = stack.enter_context(place(workers, grade, unsafe))
            waiting[submit(left)] = job, left, outcome
        yield from known
        if not waiting:
            return
        tick = stack.enter_context(ticking(len(waiting), progress))
        for future in completed(list(waiting)):
            job, left, before = waiting.pop(future)
            try:
                outcome = future.result()
            except CourseError:
                raise
            except Exception as problem:
                outcome = failed(left, f"{type(problem).__name__}: {problem}")
            outcome = joined(job, before, outcome)
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
