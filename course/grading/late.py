"""What lateness costs, ready to choose in `nbgrader_config.py`, and how it decides on a new run."""

import inspect
import math
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from nbgrader.api import Assignment, Grade, Gradebook, GradeCell, SubmittedAssignment
from nbgrader.plugins import BasePlugin, LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Enum, Float
from traitlets.config import Config

from course.grading.intake.receive import Received
from course.grading.run.store import hashed

DAY = 86_400.0  # seconds


class LatePolicy(LateSubmissionPlugin):
    """nbgrader's plug-in for lateness, with the policies that courses have.

    A day that has begun counts whole. Nothing falls below 0 points.

    >>> policy = LatePolicy(penalty_method="points", points_a_day=2, grace_days=1)
    >>> [policy.late_submission_penalty("ada", 10, days * 86400) for days in (1, 1.1, 2.5, 9)]
    [0.0, 2.0, 4.0, 10]
    """

    penalty_method = Enum(
        ("none", "points", "share", "zero"),
        default_value="none",
        help="'none': nothing; 'points' or 'share': so much a day; 'zero': all points.",
    ).tag(config=True)
    points_a_day = Float(1.0, min=0, help="Points that a day costs, of 'points'.").tag(config=True)
    share_a_day = Float(
        0.1, min=0, max=1, help="What a day costs of the points earned, of 'share'."
    ).tag(config=True)
    grace_days = Float(
        0.0, min=0, help="Days, or parts of one, that cost nothing; the count begins after them."
    ).tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float:
        """The points to take off from `score`."""
        days = max(0, math.ceil(total_seconds_late / DAY - self.grace_days))
        if not days:
            return 0.0
        a_day = {
            "none": 0.0,
            "points": self.points_a_day,
            "share": self.share_a_day * score,
            "zero": score,
        }
        return min(score, days * a_day[self.penalty_method])


def seconds_late(received: str, due: datetime | None, extension: timedelta | None) -> float:
    """How long after its due date something came; `due` is nbgrader's: UTC, without a zone."""
    if not received or due is None:
        return 0.0
    end = due.replace(tzinfo=UTC) + (extension or timedelta())
    return max(0.0, (datetime.fromisoformat(received) - end).total_seconds())


def policy(config: Config) -> BasePlugin:
    """The plug-in that nbgrader will ask."""
    return AssignLatePenalties(config=config).plugin_class(config=config)


def terms(seconds: float, policy: BasePlugin, by_hand: list) -> str:
    """Changes with what lateness does to a mark; empty for what is in time.

    `by_hand` are the points that a person gave: a share of them may have to be taken off.
    """
    if not seconds:
        return ""
    kind = type(policy)
    try:
        source = inspect.getsource(kind)
    except (OSError, TypeError):  # nbgrader's configuration is no module
        source = ""
    traits = {name: str(getattr(policy, name)) for name in sorted(policy.traits(config=True))}
    return hashed(seconds, kind.__qualname__, source, traits, by_hand)


def of_class(book: Gradebook, assignment: str, config: Config) -> Callable[[str, Received], str]:
    """What due date, extension and late policy mean for a student and what came of them."""
    due, chosen = book.find_assignment(assignment).duedate, policy(config)
    mine = book.db.query(SubmittedAssignment.student_id, SubmittedAssignment.extension)
    extensions = dict(mine.join(Assignment).filter(Assignment.name == assignment).all())
    by_hand = defaultdict(list)
    for student, *given in (
        book.db.query(
            SubmittedAssignment.student_id, GradeCell.name, Grade.manual_score, Grade.extra_credit
        )
        .select_from(Grade)
        .join(Grade.notebook)
        .join(SubmittedAssignment)
        .join(Assignment)
        .join(GradeCell, Grade.cell_id == GradeCell.id)
        .filter(Assignment.name == assignment)
        .filter(Grade.manual_score.isnot(None) | Grade.extra_credit.isnot(None))
        .order_by(GradeCell.name)
    ):
        by_hand[student].append(given)

    def found(student: str, came: Received) -> str:
        if came.reason:  # no points to lose, and perhaps no time
            return ""
        seconds = seconds_late(came.received, due, extensions.get(student))
        return terms(seconds, chosen, by_hand[student])

    return found
