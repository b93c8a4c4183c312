"""Stands for `course.grading.run.judge` where a test is about what surrounds it.

A check passes if the code cells of the job hold its grade id in a comment `# right: ID`, and its own
text does not say "never passes"; in one `# through: ID`, it passes with the course's own earlier
answers. How a
job behaves besides is in its student's name: "dies", "dies-once", "hangs", "hangs-once", "raises", "slow".
"""

import os
import signal
import time
from pathlib import Path

from course.grading.records import CheckResult, Job, Outcome, Record
from course.paths import CourseError

NOTES = Path(os.environ.get("FAKE_JUDGE_NOTES", os.devnull))  # a line for each job that was begun


def check_sandbox(unsafe: bool) -> None:
    if os.environ.get("FAKE_JUDGE_REFUSES") and not unsafe:
        raise CourseError("no sandbox here")


def grade(job: Job, unsafe: bool = False) -> Outcome:
    first = not NOTES.is_file() or f" {job.student} " not in NOTES.read_text()
    with NOTES.open("a") as notes:
        notes.write(f"{os.getpid()} {job.student} {' '.join(job.points)}\n")
    if job.student.startswith("slow"):
        time.sleep(0.3)
    if job.student.startswith("raises"):
        raise RuntimeError("a defect of the judge")
    if job.student.startswith("dies") and (first or "once" not in job.student):
        os.kill(os.getpid(), signal.SIGKILL)
    if job.student.startswith("hangs") and (first or "once" not in job.student):
        time.sleep(1000)
    text = "\n".join(c["source"] for c in job.notebook["cells"] if c["cell_type"] == "code")
    checks, outputs = {}, {}
    for name, points in job.points.items():
        right = f"# right: {name}\n" in text + "\n" and "never passes" not in job.checks[name]
        through = [job.asked[0]] if f"# through: {name}\n" in text + "\n" else []
        state = "passed" if right or through else "failed"
        checks[name] = CheckResult(
            state, points, "" if state == "passed" else "no", through=through
        )
        outputs[name] = [{"output_type": "stream", "name": "stderr", "text": "noise\n"}]
    return Outcome(outputs, Record(checks=checks, seconds=0.1))
