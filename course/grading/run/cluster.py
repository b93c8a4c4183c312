"""Runs jobs on more than one machine: on the workers of a Dask scheduler, or through SLURM.

A Dask worker needs this project installed, and nothing else: no gradebook and no common disk.
"""

import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from course.grading.records import Job, Outcome
from course.grading.run import certificates
from course.grading.run.crew import Crew
from course.grading.run.store import code
from course.paths import CourseError

PLAIN = "plain:"
MISSING = "{} is not installed: .venv/bin/pip install -e '.[course,cluster]'"
CREWS: dict[
    tuple[str, bool], Crew
] = {}  # the workers below this Dask worker; its threads share them


@contextlib.contextmanager
def on_dask(
    scheduler: str, workers: int, grade: str, unsafe: bool
) -> Iterator[tuple[Callable, Callable]]:
    """How to submit a job where `scheduler` says: an address, tls://host:8786, or "slurm".

    Both go encrypted, with the key in `certificates.FOLDER`; not so where "plain:" stands before.
    Where a Dask worker dies, Dask gives its jobs to another one; what no worker survives is
    recorded as the machine's failure.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise CourseError(MISSING.format("distributed")) from None
    place = scheduler.removeprefix(PLAIN)
    plain = place != scheduler
    if not plain and place != "slurm" and not place.startswith("tls://"):
        raise CourseError(
            f"{place} would go over the network as plain text, and whoever reaches it could have its "
            "workers run anything: give an address as tls://HOST:8786 (`python -m course certificates` "
            f"says how), or say {PLAIN}{place} where nobody else is on that network"
        )
    with contextlib.ExitStack() as stack:
        if place == "slurm":
            certificates.make()
        security = None if plain else certificates.security()
        address = stack.enter_context(slurm(workers, security)) if place == "slurm" else place
        try:
            client = stack.enter_context(
                Client(address, timeout="30s", set_as_default=False, security=security)
            )
        except (OSError, ValueError) as problem:
            raise CourseError(
                f"no Dask scheduler answers at {place} ({problem}): start one with `dask scheduler`, "
                "as `python -m course certificates` says, and give its address, as tls://HOST:8786"
            ) from None
        if not client.nthreads():
            print(f"waiting for Dask workers at {client.scheduler.address}", file=sys.stderr)
        wanted, futures = code(), []

        def submit(job: Job) -> Any:
            future = client.submit(attempt_here, job, grade, unsafe, wanted, pure=False, retries=1)
            futures.append(future)
            return future

        try:
            yield submit, functools.partial(as_completed, loop=client.loop)
        finally:
            with contextlib.suppress(Exception):
                client.cancel(futures)
                client.run(dismiss_here)


@contextlib.contextmanager
def slurm(jobs: int, security: Any = None) -> Iterator:
    """A scheduler on this machine and `jobs` SLURM jobs of workers, as Dask's configuration says.

    The jobs read the key from the folder where it lies here: a disk that they share.
    """
    try:
        from dask_jobqueue import SLURMCluster
    except ImportError:
        raise CourseError(MISSING.format("dask-jobqueue")) from None
    try:
        cluster = SLURMCluster(security=security)
    except ValueError as problem:
        raise CourseError(
            f"{problem}; say it in ~/.config/dask/jobqueue.yaml, under jobqueue: slurm: "
            "(cores, processes, memory, walltime, queue)"
        ) from None
    with cluster:
        cluster.scale(jobs=jobs or 1)
        yield cluster


def attempt_here(job: Job, grade: str, unsafe: bool, wanted: str) -> Outcome:
    """What a Dask worker calls: `Crew.attempt`, once its code is known to be the caller's."""
    if code() != wanted:
        raise CourseError(
            f"{os.uname().nodename} would grade with other code than this machine: install the same "
            "version of the course there, and start its Dask workers anew"
        )
    return CREWS.setdefault((grade, unsafe), Crew(grade, unsafe)).attempt(job)


def dismiss_here() -> None:
    """End this process's workers; the next job starts new ones."""
    while CREWS:
        CREWS.popitem()[1].stop(0)
