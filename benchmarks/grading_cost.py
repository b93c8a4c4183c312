"""What grading a submission costs: beside NbGrader alone, on more cores, in a larger class.

    python benchmarks/grading_cost.py --help

Our side is `nbgrader autograde` in this course: sandbox, judge, feedback, on all cores. NbGrader
alone has one core and no wall. Every mark is compared with what it must be; one that is not so
ends the run. Classes are those of `benchmarks/grading.py`, without the hostile ones.
"""

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path

import nbformat
import plain_nbgrader
from grading import CASES, NAME, checking_alone, forget, make_class, timed, totals
from hostile.case import solved
from pairs import Pairs, take_turns

from course.release import make_exercises
from tests.courses import copy_course

CORES = os.cpu_count() or 1


def hand_in(root: Path, released: Path, students: int) -> float:
    """So many submissions with every answer right; their mark."""
    notebook = solved(nbformat.read(released, as_version=4))
    for number in range(students):
        path = root / "submitted" / f"student-{number:04}" / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    about = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return sum(a["points"] for a in about if a.get("grade"))


def against_nbgrader(students: int, repeats: int) -> Pairs:
    """Seconds a submission, ours and NbGrader's alone, of right answers."""
    with tempfile.TemporaryDirectory(prefix="class-") as top:
        ours, plain = Path(top) / "course", Path(top) / "plain"
        ours.mkdir()
        plain.mkdir()
        copy_course(ours)
        make_exercises([NAME], ours)
        plain_nbgrader.make_course(plain)
        full = hand_in(ours, ours / "exercises" / NAME / f"{NAME}.ipynb", students)
        hand_in(plain, plain / "release" / NAME / f"{NAME}.ipynb", students)
        for root in (ours, plain):
            shutil.copy(root / "gradebook.db", root / "fresh.db")

        def grade_ours() -> None:
            forget(ours)
            timed(ours, CORES)
            wanted("ours", totals(ours), full, students)

        def grade_plain() -> None:
            forget(plain)
            status, _ = plain_nbgrader.wait(
                plain_nbgrader.nbgrader(plain, "autograde", NAME), 120 * students
            )
            names = [p.name for p in (plain / "submitted").iterdir()]
            marks = {n: plain_nbgrader.mark_of(plain, n) for n in names} if status == 0 else {}
            wanted("NbGrader alone", marks, full, students)

        pairs = take_turns(grade_ours, grade_plain, repeats, warm=0, clock=time.perf_counter)
    return each(pairs, students)


def wanted(side: str, marks: dict[str, float | None], full: float, students: int) -> None:
    """Raise unless every student has the full mark."""
    right = sum(mark == full for mark in marks.values())
    if right != students:
        raise SystemExit(f"{side}: {right} of {students} right submissions have the full mark")


def each(pairs: Pairs, students: int) -> Pairs:
    return Pairs([s / students for s in pairs.ours], [s / students for s in pairs.theirs])


def grade_class(root: Path, wanted: dict[str, float], cores: int) -> float:
    """Seconds of grading the class from the start; every mark must be as wanted."""
    forget(root)
    seconds, _ = timed(root, cores)
    got = totals(root)
    wrong = [student for student, mark in wanted.items() if got.get(student) != mark]
    if wrong:
        raise SystemExit(f"{len(wrong)} marks are not as expected, {wrong[0]}'s among them")
    return seconds


def with_class(students: int, top: Path) -> tuple[Path, dict[str, float]]:
    """A class of honest submissions in a folder of its own, and their marks."""
    CASES.clear()
    root = top / f"class-{students}"
    root.mkdir()
    marks = make_class(root, top / f"outside-{students}", students)
    shutil.copy(root / "gradebook.db", root / "fresh.db")
    return root, marks


def on_cores(students: int, repeats: int) -> tuple[Pairs, float]:
    """Seconds a submission on all cores, and on one; and of its checks with everything loaded."""
    with tempfile.TemporaryDirectory(prefix="class-") as top:
        root, marks = with_class(students, Path(top))
        floor = checking_alone(root)
        pairs = take_turns(
            lambda: grade_class(root, marks, CORES),
            lambda: grade_class(root, marks, 1),
            repeats,
            warm=0,
            clock=time.perf_counter,
        )
    return each(pairs, students), floor


def by_size(sizes: tuple[int, ...]) -> dict[int, float]:
    """Seconds a submission on all cores, by the size of the class."""
    found = {}
    for students in sizes:
        with tempfile.TemporaryDirectory(prefix="class-") as top:
            root, marks = with_class(students, Path(top))
            found[students] = grade_class(root, marks, CORES) / students
            print(f"  {students} submissions: {found[students]:.2f} s each", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("nbgrader", "cores", "sizes"))
    parser.add_argument("--students", type=int, default=10, help="for nbgrader and cores")
    parser.add_argument("--repeats", type=int, default=3, help="for nbgrader and cores")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    options = parser.parse_args()
    if options.what == "sizes":
        by_size(tuple(options.sizes))
    elif options.what == "nbgrader":
        pairs = against_nbgrader(options.students, options.repeats)
        print(f"a submission: {pairs.text('NbGrader alone')}")
    else:
        pairs, floor = on_cores(options.students, options.repeats)
        print(f"a submission: {pairs.text('one core')}; its checks alone {1e3 * floor:.2f} ms")


if __name__ == "__main__":
    main()
