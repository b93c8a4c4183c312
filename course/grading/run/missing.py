"""What of the wall this machine does not give: grading goes on, and says so."""

import functools
import sys

from course.grading.sandbox import cgroup, refused, wall
from course.grading.sandbox.zygote import LIMITS


def missing() -> list[str]:
    """A line for each protection that is not to be had here."""
    if wall.sandbox_problem():
        return []  # then nothing is run at all
    found = []
    if problem := refused.problem():
        found.append(f"{problem}; a submission reaches more of the kernel than it needs")
    if problem := wall.no_wall_round_the_judge():
        found.append(f"the judge runs without a wall of its own ({problem})")
    if problem := cgroup.problem():
        found.append(
            f"nothing bounds what all processes of a submission hold together ({problem}): each may "
            f"hold {LIMITS['memory'] >> 30} GiB, and there may be {LIMITS['processes']}. With systemd: "
            "`systemd-run --user --scope make grade …` may help"
        )
    return found


@functools.cache
def say() -> None:
    """Say it, once in this process."""
    for line in missing():
        print(f"not on this machine: {line}", file=sys.stderr, flush=True)
