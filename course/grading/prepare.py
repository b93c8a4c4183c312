"""From what was handed in to a job that can be run: received, rebuilt, looked through."""

import ast
import json
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.checks import catalogue
from course.grading.intake import rebuild, suspicion
from course.grading.intake.receive import Received, receive
from course.grading.records import CheckResult, Flag, Job, Outcome, Record
from course.grading.run.store import hashed, plain
from course.grading.run.touch import of_dgm, used_of_dgm
from course.grading.sandbox import student_edition
from course.paths import CourseError
from course.seeds import course_secret, derive, key, with_seed

HIDDEN = "### BEGIN HIDDEN TESTS"


@dataclass(frozen=True)
class Assignment:
    """What grading knows of an assignment; `woven` holds its solutions and hidden checks."""

    name: str
    released: NotebookNode
    woven: dict[str, str]  # the source of each check, hidden ones whole, by grade id
    checks: dict[str, str]  # the same with the course's seeds
    points: dict[str, float]
    asked: tuple[str, ...]
    wanted: tuple[student_edition.Asked, ...]  # the course's own definitions of these
    secret: str = ""  # of the judge's generators

    @property
    def hidden(self) -> tuple[str, ...]:
        return tuple(name for name, source in self.woven.items() if HIDDEN in source)


def assignment(name: str, released: Path, woven: Path) -> Assignment:
    """The assignment whose released and woven notebooks lie there."""
    for path in (released, woven):
        if not path.is_file():
            raise CourseError(f"{path} is missing: run `make exercises`, then grade")
    student, whole = (nbformat.read(path, as_version=4) for path in (released, woven))
    graded = {about(c)["grade_id"]: c for c in whole.cells if about(c).get("grade")}
    if set(graded) != {about(c)["grade_id"] for c in student.cells if about(c).get("grade")}:
        raise CourseError(f"{released} is not made from {woven}: run `make exercises`")
    secret = course_secret()
    sources = {key: cell.source for key, cell in graded.items()}
    return Assignment(
        name=name,
        released=student,
        woven=sources,
        checks={
            k: with_seed(text, derive(secret, name, k)) + _digest(k) for k, text in sources.items()
        },
        points={key: float(about(cell)["points"]) for key, cell in graded.items()},
        asked=tuple(n for c in whole.cells if about(c).get("solution") for n in defined(c.source)),
        wanted=tuple(student_edition.asked(name)),
        secret=key(secret, name),
    )


def _digest(grade_id: str) -> str:
    """A comment that changes with what the check `grade_id` tries, for its own text is but a call."""
    if not (files := catalogue.files(grade_id)):
        return ""
    used = frozenset().union(*map(used_of_dgm, files))
    return f"\n# {hashed([path.read_text(encoding='utf-8') for path in files], of_dgm(used))}"


def about(cell: NotebookNode) -> dict:
    """nbgrader's words on a cell."""
    return cell.metadata.get("nbgrader", {})


def defined(source: str) -> list[str]:
    """The names of the functions and classes that `source` defines."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in ast.parse(source).body if isinstance(node, kinds)]


@dataclass
class Submission:
    """One student's, ready to be run; where `reason` is given, there is nothing to be run."""

    student: str
    digest: str  # changes with all that the marks hang on
    notebook: NotebookNode
    record: Record = field(default_factory=Record)
    job: Job | None = None
    share: float = 1.0  # of the points, that a check earns which passed by follow-through

    def outcome(self, ran: Outcome) -> Outcome:
        """What was run, with what was noted before."""
        record = Record.from_dict(ran.record.as_dict())
        record.flags = self.record.flags + record.flags
        record.received = self.record.received
        for check in record.checks.values():
            check.share = self.share
        return Outcome(ran.outputs, record)


class Preparation:
    """From what came in to jobs, for the submissions of one assignment."""

    def __init__(
        self,
        assignment: Assignment,
        limits: tuple[float, float],
        environment: str,
        share: float = 1.0,
    ):
        self.assignment, self.limits, self.share = assignment, limits, share
        self.given = hashed(
            assignment.released, assignment.checks, assignment.points, limits, environment, share
        )

    def receive(self, folder: Path) -> Received:
        return receive(folder, self.assignment.name)

    def digest(self, came: Received, terms: str = "") -> str:
        """Changes with all that the marks of what `came` hang on; `terms`: what lateness does."""
        flags = [(f.kind, f.text, f.answer) for f in came.flags]
        when = "" if came.reason else came.received  # there may be nothing that has a time
        return hashed(self.given, came.text, came.reason, flags, when, terms)

    def prepare(self, student: str, came: Received, terms: str = "") -> Submission:
        """Rebuild what `came`; what cannot be is graded as the untouched release, with a reason."""
        name, reason, flags = self.assignment.name, came.reason, list(came.flags)
        notebook = self.assignment.released
        if not reason:
            try:
                handed_in = nbformat.reads(came.text, as_version=4)
                notebook, moved = rebuild.rebuild(handed_in, self.assignment.released)
                flags += [*moved, *suspicion.scan(notebook, self.assignment.asked)]
            except Exception as problem:
                notebook = self.assignment.released
                reason = f"The notebook could not be read: {type(problem).__name__}: {problem}"
        notebook = nbformat.from_dict(plain(notebook))
        record = Record(flags=flags, reason=reason, received=came.received)
        digest = self.digest(came, terms)
        submission = Submission(student, digest, notebook, record, share=self.share)
        if reason:
            if not any(flag.kind == "ungradable" for flag in flags):
                flags.append(Flag("ungradable", reason))
            record.checks = {
                key: CheckResult("open", points, reason)
                for key, points in self.assignment.points.items()
            }
        else:
            submission.job = Job(
                assignment=name,
                student=student,
                notebook=json.loads(json.dumps(notebook)),
                checks=self.assignment.checks,
                hidden=self.assignment.hidden,
                points=self.assignment.points,
                asked=self.assignment.asked,
                wanted=self.assignment.wanted,
                secret=self.assignment.secret,
                timeout=self.limits[0],
                total_timeout=self.limits[1],
            )
        return submission

    def stage(self, submission: Submission, folder: Path) -> Path:
        """Write what nbgrader is to read: the rebuilt notebook, and the server's time."""
        notebook = nbformat.from_dict(plain(submission.notebook))
        for cell in notebook.cells:  # whole again, as in the gradebook; else nbgrader complains
            cell.source = self.assignment.woven.get(about(cell).get("grade_id"), cell.source)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.assignment.name}.ipynb"
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        if submission.record.received:
            (folder / "timestamp.txt").write_text(
                submission.record.received + "\n", encoding="utf-8"
            )
        else:
            (folder / "timestamp.txt").unlink(missing_ok=True)
        return path
