"""`nbgrader autograde` with clocks in it: where the time of a submission goes.

    python benchmarks/grading_phases.py SPENT.json autograde ASSIGNMENT …   # in a course's folder

`of(spent, records)` tells the phases apart, in seconds on the wall clock:

- once a run: `start` (imports, configuration), `workers`: until the first of them has a submission
  to run (imports, the set-up of the assignment);
- a submission, in the main process: `rebuild` (read, rebuilt, looked through), `store` (what is known
  of it), `database` and `export` (nbgrader's steps: its gradebook; all else);
- a submission, in its worker: `fork` (the judge's process, what it is sent and sends back), `cells`
  (the guest's start and the student's cells), `checks` (what the answers themselves take included).
"""

import functools
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STARTED = "GRADING_STARTED"  # a variable: when the process was asked for, as `time.time` tells


class Clocks:
    """Seconds by phase; of a phase within another the inner one alone is charged."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.spent: dict[str, float] = {}
        self.open = threading.local()

    def around(self, phase: str, owner: Any, name: str) -> None:
        """Let every call of `owner.name` count as `phase`."""
        true = getattr(owner, name)

        @functools.wraps(true)
        def timed(*args: Any, **more: Any) -> Any:
            begun, above = self.clock(), getattr(self.open, "inner", 0.0)
            self.open.inner = 0.0
            try:
                return true(*args, **more)
            finally:
                whole = self.clock() - begun
                self.spent[phase] = self.spent.get(phase, 0.0) + whole - self.open.inner
                self.open.inner = above + whole

        setattr(owner, name, timed)


def run(target: Path, arguments: list[str]) -> None:
    """Run nbgrader with these arguments and write what its phases took to `target`."""
    from course.grading import autograde, prepare
    from course.grading.gradebook import OpenGradebook
    from course.grading.run import store, worker

    clocks, jobs = Clocks(), []
    for name in ("receive", "prepare", "stage"):
        clocks.around("rebuild", prepare.Preparation, name)
    for name in ("look", "put"):
        clocks.around("store", store.Store, name)
    public = [
        n for n in dir(OpenGradebook) if n.startswith(("find_", "add_", "update_", "remove_"))
    ]
    for name in [*public, "__init__"]:
        clocks.around("database", OpenGradebook, name)
    clocks.around("database", autograde.GuardedAutograde, "write_single_notebook")
    clocks.around("export", autograde.GuardedAutograde, "_finish")
    true, convert = worker.Worker.run, autograde.GuardedAutograde.convert_notebooks

    def job_run(self: Any, job: Any) -> Any:
        begun = time.perf_counter()
        outcome = true(self, job)
        jobs.append((id(self), time.perf_counter() - begun, outcome.record.seconds))
        return outcome

    def converted(self: Any) -> None:
        clocks.spent["start"] = time.time() - float(os.environ[STARTED])
        convert(self)

    worker.Worker.run = job_run  # type: ignore[method-assign]
    autograde.GuardedAutograde.convert_notebooks = converted  # type: ignore[method-assign]
    from nbgrader.apps.nbgraderapp import NbGraderApp

    try:
        NbGraderApp.launch_instance(argv=arguments)
    finally:
        target.write_text(json.dumps({"phases": clocks.spent, "jobs": jobs}), encoding="utf-8")


def of(spent: Path, records: list[Any]) -> dict[str, float]:
    """Seconds of each phase: the first two once, the others for each of the submissions."""
    found = json.loads(spent.read_text(encoding="utf-8"))
    phases, first, later = found["phases"], {}, []
    for which, whole, inside in found["jobs"]:
        if which in first:
            later.append(whole - inside)
        else:
            first[which] = whole - inside
    checks = sum(c.seconds for r in records for c in r.checks.values())
    each: dict[str, float] = {
        "rebuild": phases.get("rebuild", 0.0),
        "store": phases.get("store", 0.0),
        "database": phases.get("database", 0.0),
        "export": phases.get("export", 0.0),
        "cells": sum(r.seconds for r in records) - checks,
        "checks": checks,
    }
    each = {name: seconds / max(1, len(records)) for name, seconds in each.items()}
    each["fork"] = sum(later) / max(1, len(later))
    each["without_the_checks"] = sum(s for name, s in each.items() if name != "checks")
    once = {"start": phases.get("start", 0.0), "workers": max(first.values(), default=0.0)}
    return {f"seconds_{name}": round(seconds, 3) for name, seconds in (once | each).items()}


def command(spent: Path, *arguments: str) -> list[str]:
    """What runs nbgrader so."""
    return [sys.executable, str(Path(__file__).resolve()), str(spent), *arguments]


def environment() -> dict[str, str]:
    return {STARTED: str(time.time())}


if __name__ == "__main__":
    sys.path[0] = os.getcwd()
    run(Path(sys.argv[1]).resolve(), sys.argv[2:])
