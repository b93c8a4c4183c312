"""Lets guests, or a judge, try things, and prints what came of it, as JSON.

Arguments: "guests" and their cells, or "judge" and the sources of its checks.
"""

import json
import sys

from course.grading.records import Job
from course.grading.run.worker import GRADE, Worker
from course.grading.sandbox.student_edition import asked
from course.grading.sandbox.zygote import Zygote
from course.paths import assignments


def guests(cells: list[str]) -> list[str]:
    zygote = Zygote([], [])
    started = [zygote.start() for _ in cells]  # each is there while it is referred to: to the end
    ran = [guest.run(cell, 120) for guest, cell in zip(started, cells, strict=True)]
    zygote.close()
    return ["".join(o.get("text", o.get("evalue", "")) for o in outputs) for outputs in ran]


def judge(checks: list[str]) -> list[str]:
    name, sources = assignments()[0], {f"{k}-check": source for k, source in enumerate(checks)}
    about = {"nbgrader": {"solution": True}}
    cells = [{"cell_type": "code", "id": "x", "source": "x = 1", "metadata": about}]
    for key in sources:
        about = {"nbgrader": {"grade": True, "grade_id": key}}
        cells.append({"cell_type": "code", "id": key, "source": "", "metadata": about})
    points = dict.fromkeys(sources, 1.0)
    wanted = tuple(asked(name))
    job = Job(name, "ada", {"cells": cells}, sources, (), points, ("x",), wanted=wanted)
    worker = Worker(GRADE, False)
    try:
        outcome = worker.run(job)
    finally:
        worker.stop()
    return [outcome.record.checks[key].message for key in sources]


if __name__ == "__main__":
    print(json.dumps({"guests": guests, "judge": judge}[sys.argv[1]](json.loads(sys.argv[2]))))
