"""Grade a made class in one go: minutes, overhead, speed-up, memory, and every mark as expected.

    python benchmarks/grading.py                       # 300 submissions, on all cores
    python benchmarks/grading.py --students 40 --compare  # on one core, then on all: the speed-up
    python benchmarks/grading.py --students 30 --kills 10 # killed ten times, and gone on with

The class is every submission of the hostile corpus, and for the rest right and wrong answers drawn
at random from `course/checks` (but those that spoil their input: what a later comparison makes of
that is no matter of the mark). Where the time goes is told by `grading_phases`. What a mark should be is found without the grader: each answer is run
against its checks in this process, with the seeds of the course. `--write` keeps the figures for the
book.
"""

import argparse
import ast
import json
import os
import platform
import random
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import grading_phases
import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "grading")]

from hostile import CASES, NAME, SECRET, World  # noqa: E402

from course.attempts import load as read  # noqa: E402
from course.attempts import texts  # noqa: E402
from course.checks import catalogue  # noqa: E402
from course.checks.engine import problem  # noqa: E402
from course.checks.exercise import load  # noqa: E402
from course.grading.records import Record  # noqa: E402
from course.release import make_exercises  # noqa: E402
from course.seeds import derive  # noqa: E402
from tests.courses import copy_course  # noqa: E402

FIGURES = ROOT / "book" / "data" / "grading.json"


def verdicts() -> dict[tuple[str, str], dict[str, bool]]:
    """Of each answer that calls no other one: which of its checks it passes, at the course's seeds."""
    graded, found = catalogue.names(NAME), {}
    for name, written in texts(NAME).items():
        exercise = load(name)
        functions = {a.name: a.function for a in [*exercise.right(), *exercise.mistakes()]}
        for answer, text in written.items():
            if calls(text) & ({*graded} - {name}) or re.search("wrong_(changes|in_place)", answer):
                continue
            found[name, answer] = {}
            for kind in ("check", "hidden"):
                seed = derive(SECRET.encode(), NAME, f"{name}-{kind}")
                failed, _ = problem(
                    exercise, functions[answer], seed, kind == "hidden", naming=False
                )
                found[name, answer][f"{name}-{kind}"] = failed is None
    return found


def calls(source: str) -> set[str]:
    """The names that an answer uses."""
    return {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name)}


def make_class(root: Path, outside: Path, students: int) -> dict[str, float]:
    """The course in `root` with that many submissions; the mark that each should get."""
    copy_course(root)
    make_exercises([NAME], root)
    released = nbformat.read(root / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    points = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points
              for c in released.cells if c.metadata.get("nbgrader", {}).get("grade")}  # fmt: skip
    world, wanted = World(root, outside, released), {}
    for case in list(CASES.values())[:students]:
        case.hand_in(root / "submitted" / case.id, world)
        wanted[case.id] = case.mark(points)
    draw, known, written = random.Random(0), verdicts(), texts(NAME)
    by_answer: dict[str, list[str]] = {}
    for answer, file in known:
        by_answer.setdefault(answer, []).append(file)
    for number in range(len(wanted), students):
        notebook, mark = nbformat.from_dict(json.loads(json.dumps(released))), 0.0
        for cell in notebook.cells:
            files = by_answer.get(cell.id, [])
            if cell.metadata.get("nbgrader", {}).get("solution"):
                kind = "right_" if draw.random() < 0.7 else "wrong_"
                file = draw.choice([f for f in files if f.startswith(kind)] or files)
                cell.source = written[cell.id][file]
                mark += sum(points[k] for k, passed in known[cell.id, file].items() if passed)
        path = root / "submitted" / f"student-{number:04}" / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
        wanted[path.parts[-3]] = mark
    world.listener.close()
    return wanted


def start(root: Path, cores: int) -> subprocess.Popen:
    env = {**os.environ, "DGM_COURSE_SECRET": SECRET, "OMP_NUM_THREADS": "1", "JOBS": str(cores)}
    env |= grading_phases.environment()
    command = grading_phases.command(
        root.parent / "spent.json", "autograde", NAME, "--log-level=ERROR",
        "--GuardedAutograde.timeout=12", "--GuardedAutograde.total_timeout=150",
    )  # fmt: skip
    if cores == 1:
        command = ["taskset", "-c", "0", *command]
    return subprocess.Popen(command, cwd=root, env=env, start_new_session=True)


def timed(root: Path, cores: int) -> tuple[float, float]:
    """Grade; seconds, and the most memory that all processes of it held, in bytes."""
    begun, most = time.perf_counter(), [0]
    run = start(root, cores)
    watch = threading.Thread(target=_watch, args=(run, most), daemon=True)
    watch.start()
    if run.wait():
        raise SystemExit("nbgrader autograde failed; see above")
    return time.perf_counter() - begun, most[0]


def _watch(run: subprocess.Popen, most: list[int]) -> None:
    while run.poll() is None:
        most[0] = max(most[0], sum(_memory(p) for p in _below(run.pid)))
        time.sleep(1)


def _below(pid: int) -> list[int]:
    found = [pid]
    for p in found:
        for task in Path(f"/proc/{p}/task").glob("*/children"):
            try:
                found += [int(c) for c in task.read_text(encoding="utf-8").split()]
            except OSError:
                continue
    return found


def _memory(pid: int) -> int:
    """What a process alone holds: shared pages are counted in parts."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 0


def marks(root: Path) -> dict[str, tuple]:
    """Every row of marks in the gradebook, by student and check."""
    query = """select s.student_id, b.name, g.auto_score, g.needs_manual_grade
        from submitted_assignment s join submitted_notebook n on n.assignment_id = s.id
        join grade g on g.notebook_id = n.id join base_cell b on b.id = g.cell_id"""
    with closing(sqlite3.connect(root / "gradebook.db")) as book:
        return {f"{student} {cell}": tuple(rest) for student, cell, *rest in book.execute(query)}


def totals(root: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, (score, _) in marks(root).items():
        student = key.split()[0]
        found[student] = found.get(student, 0.0) + (score or 0.0)
    return found


def records(root: Path) -> list[Record]:
    paths = root.glob(f"autograded/*/{NAME}/{NAME}.ipynb")
    return [Record.from_dict(nbformat.read(p, as_version=4).metadata["dgm"]) for p in paths]


def forget(root: Path) -> None:
    """Back to before grading."""
    shutil.rmtree(root / "autograded", ignore_errors=True)
    shutil.rmtree(root / "_build" / "grading", ignore_errors=True)
    shutil.copy(root / "fresh.db", root / "gradebook.db")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--compare", action="store_true", help="the same on one core")
    parser.add_argument("--honest", action="store_true", help="without the hostile corpus")
    parser.add_argument("--kills", type=int, default=0, help="kill it so often, at random moments")
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {FIGURES.name}")
    asked = parser.parse_args()
    if asked.honest:
        CASES.clear()
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(prefix="class-") as top:
        root = Path(top) / "course"
        root.mkdir()
        wanted = make_class(root, Path(top) / "outside", asked.students)
        shutil.copy(root / "gradebook.db", root / "fresh.db")
        floor = checking_alone(root)
        figures: dict[str, object] = {
            "students": len(wanted), "hostile": min(len(CASES), len(wanted)), "cores": cores,
            "machine": platform.platform(), "date": time.strftime("%Y-%m-%d"),
        }  # fmt: skip
        if asked.compare:
            alone, _ = timed(root, 1)
            figures["seconds_on_one_core"] = round(alone, 1)
            forget(root)
        seconds, memory = timed(root, cores)
        got = totals(root)
        wrong = {s: (mark, got.get(s)) for s, mark in wanted.items() if got.get(s) != mark}
        seen = records(root)
        phases = grading_phases.of(root.parent / "spent.json", seen)
        again, _ = timed(root, cores)
        figures |= {
            "seconds": round(seconds, 1),
            "seconds_a_submission": round(seconds / len(wanted), 2),
            "core_seconds_a_submission": round(seconds * cores / len(wanted), 2),
            "floor_a_submission": round(floor, 2),
            "median_seconds_in_the_sandbox": round(statistics.median(r.seconds for r in seen), 2),
            **phases,
            "memory_mb": round(memory / 2**20),
            "second_run_seconds": round(again, 1),
            "second_run_changed": totals(root) != got,
            "wrong_marks": len(wrong),
            "flagged": sum(bool(r.flags) for r in seen),
            "ungradable": sum(bool(r.reason) for r in seen),
        }
        if asked.compare:
            figures["speed_up"] = round(alone / seconds, 2)
        if asked.kills:
            figures |= killed(root, asked.kills, seconds)
        for name, value in figures.items():
            print(f"{name:32} {value}")
        for student, (mark, given) in sorted(wrong.items()):
            print(f"! {student}: {given} in place of {mark}")
    if asked.write and not wrong:
        old = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.is_file() else {}
        key = "kills" if asked.kills else "compare" if asked.compare else "class"
        FIGURES.write_text(json.dumps(old | {key: figures}, indent=1) + "\n", encoding="utf-8")
    sys.exit(bool(wrong))


def checking_alone(root: Path) -> float:
    """Seconds that all checks of one submission take in a process that has all loaded: the floor."""
    cells, _ = read(NAME)
    names: dict = {"__name__": "__main__"}
    spent: Callable[[], float] = time.perf_counter
    total = 0.0
    for _ in range(2):  # the first round warms up
        total = 0.0
        for cell in cells:
            begun = spent()
            exec(compile(cell["source"], cell["id"], "exec"), dict(names) if cell["nbgrader"].get("grade") else names)  # fmt: skip
            total += spent() - begun if cell["id"] != "setup" else 0.0
    return total


def killed(root: Path, times: int, seconds: float) -> dict[str, object]:
    """Grade anew, killed at random moments; is the gradebook as after the undisturbed run?"""
    undisturbed, draw = marks(root), random.Random(1)
    forget(root)
    unfinished = 0
    for _ in range(times):
        run = start(root, os.cpu_count() or 1)
        try:
            run.wait(timeout=draw.uniform(2, max(5, 1.5 * seconds / times)))
        except subprocess.TimeoutExpired:
            unfinished += 1
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
    while start(root, os.cpu_count() or 1).wait():
        pass
    same = marks(root) == undisturbed
    left = [p for p in _processes() if str(root) in p]
    return {"killed": unfinished, "gradebook_as_undisturbed": same, "processes_left": len(left)}


def _processes() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_text(encoding="utf-8").replace("\0", " "))
        except OSError:
            continue
    return found


if __name__ == "__main__":
    main()
