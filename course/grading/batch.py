"""A class from its submissions to its marks: what `make grade` does, step by step.

Each step does only what is not done yet, so that a run that was ended goes on where it stopped.
"""

import json
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path

from course.grading.gradebook import wait_until_free
from course.grading.intake.people import read_ledger
from course.grading.intake.receive import LEDGER
from course.grading.review import changes, report
from course.grading.run.store import code, hashed
from course.paths import ROOT, CourseError, write_whole
from course.release import make_exercises, somebodys

APPS = {
    "autograde": "autogradeapp:AutogradeApp",
    "generate_feedback": "generatefeedbackapp:GenerateFeedbackApp",
    "export": "exportapp:ExportApp",
}
ROWS = """
select s.student_id, b.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade,
       c.auto_comment, c.manual_comment, n.late_submission_penalty
from submitted_assignment s join submitted_notebook n on n.assignment_id = s.id
join assignment a on a.id = s.assignment_id join base_cell b on b.notebook_id = n.notebook_id
left join grade g on g.notebook_id = n.id and g.cell_id = b.id
left join comment c on c.notebook_id = n.id and c.cell_id = b.id
where a.name = :name order by s.student_id, b.name
"""


def nbgrader(command: str, *options: str) -> int:
    """Run an nbgrader command in this process, which is in the course's folder; its exit status."""
    module, name = APPS[command].split(":")
    app = getattr(import_module(f"nbgrader.apps.{module}"), name)
    print("nbgrader", command, *options, flush=True)
    app.clear_instance()
    try:
        app.launch_instance(argv=[*options, "--log-level=WARN"])
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        app.clear_instance()
    return 0


def grade(
    name: str,
    *,
    jobs: int = 0,
    scheduler: str = "",
    unsafe: bool = False,
    anew: bool = False,
    root: Path = ROOT,
) -> int:
    """Grade the assignment: marks, feedback pages, `grades.csv`, the class report.

    With `anew` every submission is run again, also one of which nothing has changed.
    """
    if not any(root.glob(f"submitted/*/{name}")):
        raise CourseError(f"nothing to grade: put notebooks into submitted/STUDENT/{name}/")
    read_ledger(root / "submitted" / LEDGER)  # what it says of times must not be lost in silence
    os.chdir(root)
    wait_until_free(f"sqlite:///{root / 'gradebook.db'}")
    make_exercises([name], root)
    for line in somebodys([name], root):
        print(line)
    options = [f"--Autograde.workers={jobs}"] if jobs else []
    options += [f"--Autograde.scheduler={scheduler}"] if scheduler else []
    options += ["--Autograde.unsafe=True"] if unsafe else []
    options += ["--Autograde.anew=True"] if anew else []
    before = changes.before(name, root)
    ended = nbgrader("autograde", name, *options)
    if not any(root.glob(f"autograded/*/{name}/{name}.ipynb")):
        return ended or 1
    ended |= feedback(name, root)
    ended |= export(root / "grades.csv")
    moved = changes.write(name, before, root)
    page = report.write(name, root)
    print()
    print(report.summary(name, root))
    print(changes.words(moved, len(before)))
    print()
    print(f"class report:   {page.relative_to(root)}")
    print("marks:          grades.csv")
    print(f"their changes:  reports/{name}-changes.csv")
    print(f"alike answers:  reports/{name}-alike.html")
    print(f"feedback pages: feedback/STUDENT/{name}/{name}.html")
    if ended:
        print("some steps failed; what they said stands above", file=sys.stderr)
    return ended


def feedback(name: str, root: Path) -> int:
    """Make the feedback pages whose marks, comments or notebook have changed."""
    noted = root / "_build" / "grading" / name / "feedback" / "made.json"
    try:
        made = json.loads(noted.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        made = {}
    wanted = sources_of_feedback(name, root)
    stale = [s for s in wanted if made.get(s) != wanted[s] or not page(name, s, root).is_file()]
    if not stale:
        return 0
    for student in stale:
        shutil.rmtree(page(name, student, root).parent, ignore_errors=True)
    ended = nbgrader("generate_feedback", name)
    there = {s: digest for s, digest in wanted.items() if page(name, s, root).is_file()}
    write_whole(noted, json.dumps(there, indent=1, sort_keys=True) + "\n")
    return ended


def page(name: str, student: str, root: Path) -> Path:
    return root / "feedback" / student / name / f"{name}.html"


def sources_of_feedback(name: str, root: Path) -> dict[str, str]:
    """For each graded student a digest that changes with what the feedback page is made from."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"sqlite:///{root / 'gradebook.db'}")
    rows: dict[str, list] = {}
    with engine.connect() as book:
        for student, *row in book.execute(sqlalchemy.text(ROWS), {"name": name}):
            rows.setdefault(student, []).append(row)
    engine.dispose()
    templates = [
        p.read_text(encoding="utf-8")
        for p in sorted((root / "course").glob("grading/review/templates/*"))
    ]
    found = {}
    for path in sorted(root.glob(f"autograded/*/{name}/{name}.ipynb")):
        student = path.parts[-3]
        text = path.read_text(encoding="utf-8")
        found[student] = hashed(text, rows.get(student), templates, code())
    return found


def export(target: Path) -> int:
    """Write all marks to `target`, whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    ended = nbgrader("export", "--to", str(part))
    if not ended:
        os.replace(part, target)
    return ended
