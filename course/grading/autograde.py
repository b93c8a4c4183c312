"""`nbgrader autograde` for strangers' notebooks: nbgrader itself never reads or runs one.

`GuardedAutograde` takes in what lies in `submitted/`, rebuilds each notebook from the released one,
and runs them side by side, apart from everything. nbgrader's own steps then go over the rebuilt
notebooks, student by student, with the outputs put in place (`PutOutcome`) of what it would run.
"""

import contextlib
import fcntl
import glob
import json
import os
import re
import signal
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.api import Grade, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import func
from traitlets import Bool, Float, Integer, Unicode, default

from course.grading import late, prepare
from course.grading.gradebook import opened
from course.grading.records import Job, Outcome
from course.grading.run import crew, pool, worker
from course.grading.run.store import Store, environment, grader, plain
from course.paths import CourseError
from course.release import released

BUILD = Path("_build") / "grading"
DIGEST = "dgm_digest"  # in a graded notebook's metadata, beside its record: what the marks hang on


class PutOutcome(NbGraderPreprocessor):
    """Puts an outcome's outputs and record into the notebook, where nbgrader would execute it."""

    def preprocess(self, nb, resources):
        student = resources["nbgrader"]["student"]
        submission, outcome = self.parent.parent.outcomes[student]
        for cell in nb.cells:
            if cell.cell_type == "code":
                outputs = plain(outcome.outputs.get(cell.id, []))
                cell.outputs = [nbformat.from_dict(o) for o in outputs]
                cell.execution_count = None
            if utils.is_grade(cell):
                cell.outputs = scored(cell.outputs, outcome.record.checks.get(cell.id))
        nb.metadata["dgm"] = plain(outcome.record.as_dict())
        if not crew.machine_failed(outcome):
            nb.metadata[DIGEST] = submission.digest
        return nb, resources


def scored(outputs, result):
    """A check's outputs such that nbgrader gives it all points if it passed, none if not.

    nbgrader takes the first error or stderr as 0 points, the first displayed value as the points.
    """
    kept = [o for o in outputs if o.output_type in ("stream", "display_data")]
    for output in kept:
        if output.output_type == "stream":
            output.name = "stdout"
    if result is not None and 0 < result.score < result.points:
        data = {"text/plain": str(result.score)}
        kept.append(nbformat.v4.new_output("execute_result", data, execution_count=None))
    elif result is None or result.state != "passed" or result.score < result.points:
        text = "This check was not run." if result is None else result.message or "No points."
        kept.append(
            nbformat.v4.new_output(
                "error", ename="CheckFailed", evalue=text, traceback=text.splitlines()
            )
        )
    return kept


class GuardedAutograde(Autograde):
    """nbgrader's `Autograde`, with intake and execution of our own before its steps."""

    timeout = Float(30.0, help="Seconds that a cell or a check may take.").tag(config=True)
    total_timeout = Float(300.0, help="Seconds that a submission may take.").tag(config=True)
    workers = Integer(help="Submissions at one time; 0: one a core.").tag(config=True)
    follow_through = Float(
        1.0,
        min=0.0,
        max=1.0,
        help="The share of its points that a check earns which passes only with the course's own "
        "definitions in place of earlier answers that failed; 0: none.",
    ).tag(config=True)
    scheduler = Unicode("", help="A Dask scheduler's address, or 'slurm'.").tag(config=True)
    unsafe = Bool(False, help="Run submissions even where no sandbox can.").tag(config=True)
    anew = Bool(False, help="Run all again, also what has been run before.").tag(config=True)
    judge = Unicode(worker.GRADE, help="MODULE:FUNCTION that runs a job.").tag(config=True)

    @default("workers")
    def _workers_default(self) -> int:
        jobs = os.environ.get("JOBS") or "0"
        if not jobs.isdigit():
            raise CourseError(f"JOBS is {jobs!r}; it wants a number of processes, as JOBS=2")
        return int(jobs)

    def start(self) -> None:
        try:
            with ended_by_sigterm():
                super().start()
        except CourseError as problem:
            self.log.error("%s", problem)
            raise NbGraderException(str(problem)) from None

    def init_notebooks(self) -> None:
        """Every student's folder counts, also one without a notebook that can be read."""
        self.folders: dict[str, Path] = {}
        name = self.coursedir.assignment_id
        pattern = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        excluded = self.coursedir.student_id_exclude.split(",")
        for folder in sorted(glob.glob(self._format_source(name, self.coursedir.student_id))):
            student = re.match(pattern, folder).group("student_id")  # type: ignore[union-attr]
            if student not in excluded:
                self.folders[student] = Path(folder)
        if not self.folders or not Path(name).match(self.coursedir.notebook_id):
            super().init_notebooks()  # which says what is missing, and raises

    def convert_notebooks(self) -> None:
        name = self.coursedir.assignment_id
        folder = Path(self.coursedir.root) / BUILD / name
        known = prepare.assignment(name, released(name, Path(self.coursedir.root)), self._woven())
        limits = (self.timeout, self.total_timeout)
        self.preparation = prepare.Preparation(known, limits, environment(), self.follow_through)
        self.outcomes: dict[str, tuple[prepare.Submission, Outcome]] = {}
        url, course = self.coursedir.db_url, self.coursedir.course_id
        with (
            only_one(folder / ".lock"),
            self._reading(folder / "rebuilt"),
            opened(url, course) as self.gradebook,
            contextlib.closing(self._run(folder)) as ran,
        ):
            wrong = [s.student for s, outcome in ran if not self._finish(s, outcome)]
        if wrong:
            raise CourseError(f"nbgrader could not grade: {', '.join(sorted(wrong))}")

    def _woven(self) -> Path:
        """Where the assignment's notebook lies with its solutions in it."""
        where, name = self.coursedir, self.coursedir.assignment_id
        return Path(where.format_path(where.source_directory, ".", name)) / f"{name}.ipynb"

    def _run(self, folder: Path) -> Generator[tuple[prepare.Submission, Outcome]]:
        """Each submission that is not graded yet, with its outcome, as they come."""
        ready: dict[str, prepare.Submission] = {}

        def jobs() -> Iterator[Job]:
            for submission in self._changed():
                ready[submission.student] = submission
                if submission.job:
                    yield submission.job

        store = Store(folder, grader())
        if self.anew:
            store.forget()
        ran = pool.run(
            jobs(),
            store,
            workers=self.workers,
            scheduler=self.scheduler,
            grade=self.judge,
            unsafe=self.unsafe,
        )
        with contextlib.closing(ran):
            for job, outcome in ran:
                submission = ready.pop(job.student)
                yield submission, submission.outcome(outcome)
        for submission in ready.values():
            yield submission, Outcome(record=submission.record)

    def _changed(self) -> Iterator[prepare.Submission]:
        """The submissions whose mark may not be what it would be now; all with `--force`."""
        name = self.coursedir.assignment_id
        complete = self._complete()
        terms = late.of_class(self.gradebook, name, self.config)
        self.gradebook.commit()  # so that nobody waits for us while submissions run
        for student, folder in self.folders.items():
            came = self.preparation.receive(folder)
            graded = Path(self._format_dest(name, student)) / f"{name}.ipynb"
            mine = terms(student, came)
            if (
                self.force
                or self.anew
                or student not in complete
                or digest_in(graded) != self.preparation.digest(came, mine)
            ):
                yield self.preparation.prepare(student, came, mine)

    def _complete(self) -> set[str]:
        """The students for whom the gradebook has a mark for every check."""
        name = self.coursedir.assignment_id
        try:
            assignment = self.gradebook.find_assignment(name)
        except MissingEntry:
            raise CourseError(f"the gradebook has no {name}: run `make exercises`") from None
        student = SubmittedAssignment.student_id
        rows = (
            self.gradebook.db.query(student, func.count(Grade.id), func.count(Grade.auto_score))
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .filter(SubmittedAssignment.assignment_id == assignment.id)
            .group_by(student)
            .all()
        )
        return {student for student, cells, marked in rows if cells == marked}

    @contextlib.contextmanager
    def _reading(self, folder: Path) -> Iterator[None]:
        """While this lasts, nbgrader takes `folder` for the place of the submissions."""
        before = self.coursedir.submitted_directory
        self.coursedir.submitted_directory = str(folder.relative_to(self.coursedir.root))
        try:
            yield
        finally:
            self.coursedir.submitted_directory = before

    def _finish(self, submission: prepare.Submission, outcome: Outcome) -> bool:
        """Let nbgrader do its steps for one student; says whether it could."""
        folder = Path(self._format_source(self.coursedir.assignment_id, submission.student))
        path = self.preparation.stage(submission, folder)
        self.assignments = {str(folder): [str(path)]}
        self.outcomes = {submission.student: (submission, outcome)}
        try:
            super().convert_notebooks()
        except NbGraderException:
            return False
        finally:
            self.gradebook.db.rollback()  # of what failed; the rest is committed by now
        return True

    def write_single_notebook(self, output: str, resources: dict) -> None:
        """First the marks, then the notebook that says that they are there."""
        if not self._sanitizing:
            self.gradebook.commit()
        super().write_single_notebook(output, resources)

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Only what is to be graded gets this far; what an earlier run left goes."""
        folder = Path(self._format_dest(assignment_id, student_id))
        if folder.exists():
            utils.rmtree(str(folder))
        return True


def digest_in(path: Path) -> str | None:
    """The digest that a graded notebook carries; None for one that is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["metadata"][DIGEST]
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold `path` locked; a second run that wants it is refused. The system frees it in any case."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CourseError(
                f"{path.parent.name} is being graded by another run; wait for it"
            ) from None
        yield


@contextlib.contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the run as Ctrl-C does, workers and all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(*_):
        raise SystemExit(143)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
