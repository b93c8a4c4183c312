"""What a late day costs, and that what decides on a mark decides on a new run."""

from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook
from traitlets import TraitError
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course.grading import late
from course.grading.intake.receive import Received
from course.grading.late import DAY, LatePolicy
from course.paths import ROOT

DUE = datetime(2027, 2, 1, 17, 0)  # nbgrader's: UTC, without a zone
CAME = "2027-02-03T17:30:00+01:00"  # 47.5 hours later


@pytest.mark.parametrize(
    ("method", "grace", "days", "cost"),
    [("none", 0, 50, 0),
     ("points", 0, 0, 0), ("points", 0, 1e-6, 1.5), ("points", 0, 1, 1.5), ("points", 0, 1.01, 3),
     ("points", 2, 2, 0), ("points", 2, 2.01, 1.5), ("points", 0.5, 1.4, 1.5), ("points", 0, 99, 20),
     ("share", 0, 1, 5), ("share", 0, 3.5, 20), ("share", 1, 2.5, 10),
     ("zero", 0, 0.01, 20), ("zero", 1, 1, 0), ("zero", 1, 1.01, 20)],
)  # fmt: skip
def test_policies(method, grace, days, cost):
    policy = LatePolicy(penalty_method=method, grace_days=grace, points_a_day=1.5, share_a_day=0.25)
    assert policy.late_submission_penalty("ada", 20, days * DAY) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("trait", "value"),
    [("penalty_method", "half"), ("points_a_day", -1), ("share_a_day", 1.1), ("grace_days", -1)],
)
def test_what_makes_no_sense_is_refused(trait, value):
    with pytest.raises(TraitError, match=trait):
        LatePolicy(**{trait: value})


def test_zones_and_extensions_count():
    assert late.seconds_late(CAME, DUE, None) == 47.5 * 3600
    assert late.seconds_late(CAME, DUE, timedelta(days=1)) == 23.5 * 3600
    assert late.seconds_late(CAME, DUE, timedelta(days=2)) == 0
    assert late.seconds_late(CAME, None, None) == late.seconds_late("", DUE, None) == 0


def the_course(**settings) -> Config:
    """The configuration as the course has it, with these for its policy."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    config.LatePolicy.merge(settings)
    return config


def test_the_course_uses_the_policy_and_takes_nothing_off():
    policy = late.policy(the_course())
    assert isinstance(policy, LatePolicy)
    assert policy.penalty_method == "none"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A gradebook in which ada has handed in `01` with one answer."""
    the_course()  # lets nbgrader find `alembic`
    url = f"sqlite:///{tmp_path_factory.mktemp('late') / 'gradebook.db'}"
    with Gradebook(url) as book:
        book.add_assignment("01", duedate=DUE.isoformat())
        book.add_notebook("01", "01")
        book.add_grade_cell("fit", "01", "01", max_score=20, cell_type="code")
        book.add_student("ada")
        book.add_submission("01", "ada").notebooks[0].grades[0].auto_score = 20
        book.db.commit()
        yield book


def test_terms_change_with_all_that_lateness_hangs_on_and_with_nothing_else(book):
    came = Received(received=CAME)

    def terms(due=DUE, extension=None, came=came, student="ada", hand=None, extra=None, **settings):
        book.find_assignment("01").duedate = due
        entry = book.find_submission("01", "ada")
        entry.extension, grade = extension, entry.notebooks[0].grades[0]
        grade.manual_score, grade.extra_credit = hand, extra
        book.db.commit()
        return late.of_class(book, "01", the_course(**settings))(student, came)

    first = terms(penalty_method="points")
    assert first
    assert terms(penalty_method="points") == first
    others = [
        terms(penalty_method="zero"),
        terms(penalty_method="points", points_a_day=2.0),
        terms(penalty_method="points", grace_days=1.0),
        terms(penalty_method="points", due=DUE - timedelta(days=1)),
        terms(penalty_method="points", extension=timedelta(hours=2)),
        terms(penalty_method="points", hand=0.0),
        terms(penalty_method="points", extra=2.0),
        terms(penalty_method="points", due=None),
    ]
    assert len({first, *others}) == 9
    assert terms(student="new, so unknown", penalty_method="points", hand=3.0) == first
    in_time = terms(due=DUE + timedelta(days=9))
    assert in_time == terms(due=DUE + timedelta(days=7), penalty_method="zero") == ""
    assert terms(came=Received(received=CAME, reason="it is no notebook")) == ""
