"""The corpus of hostile submissions, graded by nbgrader as it comes: what it does with each.

    python benchmarks/plain_nbgrader.py                 # all that is not yet in the file; then the table
    python benchmarks/plain_nbgrader.py fork-bomb colab # these, again
    python benchmarks/plain_nbgrader.py --table         # the table alone, as Markdown

Each submission gets a course folder of its own with nbgrader's standard configuration, an
innocent student who comes after it, and 150 seconds; what hangs is ended, what is left is removed.
Attacks that would harm this machine are not run, and the table says so. A broken-off run goes on
where it stopped. Results: book/data/plain_nbgrader.json.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "grading")]

from hostile import CASES, NAME, SECRET, Case, World, solved  # noqa: E402

from course.paths import write_whole  # noqa: E402
from course.weave import weave  # noqa: E402

OUT = ROOT / "book" / "data" / "plain_nbgrader.json"
LIMIT = 150  # seconds for nbgrader, the innocent student included
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "plain"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
"""


def nbgrader(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a command of nbgrader's in `folder`, in a session and with a home of its own."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    env = os.environ | {
        "DGM_COURSE_SECRET": SECRET,
        "DGM_PLAIN_RUN": str(folder),
        "HOME": str(home),
        "MPLCONFIGDIR": os.environ.get("MPLCONFIGDIR", str(Path.home() / ".config/matplotlib")),
        "OMP_NUM_THREADS": "1",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    with open(folder / "log.txt", "ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "nbgrader", *words], cwd=folder, env=env,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def make_course(folder: Path) -> None:
    """A course with this one assignment, less its pictures, released by plain nbgrader."""
    notebook = weave(ROOT / "solutions" / NAME / f"{NAME}.py")
    notebook.cells = [c for c in notebook.cells if "demo" not in c.metadata.get("tags", [])]
    (folder / "source" / NAME).mkdir(parents=True)
    nbformat.write(notebook, folder / "source" / NAME / f"{NAME}.ipynb")
    shutil.copytree(ROOT / "dgm", folder / "dgm", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    if nbgrader(folder, "generate_assignment", NAME, "--create").wait():
        raise SystemExit((folder / "log.txt").read_text(encoding="utf-8"))


def end_all(folder: Path) -> None:
    """End every process that was started for the run in `folder`."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if f"DGM_PLAIN_RUN={folder}\0".encode() in (entry / "environ").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
            except OSError:
                continue


def wait(process: subprocess.Popen[bytes], limit: float) -> tuple[int | None, int]:
    """Its exit status (`None`: ended by us) and the largest memory, in bytes, of it and its own."""
    end = time.monotonic() + limit
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_maxrss * 1024
        if time.monotonic() > end:
            process.kill()
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = -9
            return None, usage.ru_maxrss * 1024
        time.sleep(0.1)


def mark_of(folder: Path, student: str) -> float | None:
    """The mark in the gradebook, or `None` where nbgrader left the submission ungraded."""
    from nbgrader.api import Gradebook, MissingEntry

    if not list((folder / "autograded" / student).rglob("*.ipynb")):
        return None
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
        try:
            return book.find_submission(NAME, student).score
        except MissingEntry:
            return None


def innocent(world: World, whole: bool) -> None:
    """The student who comes last: all right answers, or the first alone, which is quicker."""
    notebook = solved(world.released)
    if not whole:
        notebook.cells = [c for c in notebook.cells if c.id == "sigmoid"]
    path = world.root / "submitted" / "zed" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def run(case: Case, course: Path, points: dict[str, float]) -> dict[str, Any]:
    """Grade one submission of the corpus by plain nbgrader; returns what came of it."""
    with tempfile.TemporaryDirectory(prefix="plain-", ignore_cleanup_errors=True) as top:
        folder = Path(top) / "course"
        shutil.copytree(course, folder, symlinks=True)
        released = nbformat.read(folder / "release" / NAME / f"{NAME}.ipynb", as_version=4)
        world = World(
            folder, Path(top) / "outside", released, folder / "home", "source", secrets=()
        )
        innocent(world, whole="link" in case.item or "other" in case.item)
        case.hand_in(folder / "submitted" / case.id, world)
        world.seal()
        start = time.monotonic()
        status, memory = wait(nbgrader(folder, "autograde", NAME), LIMIT)
        seconds = time.monotonic() - start
        mark = mark_of(folder, case.id)
        found = world.reached(case.id)
        times = world.query("select timestamp from submitted_assignment")
        if case.received and any(str(t).startswith(case.received) for t in times):
            found.append("believed the forged time")
        went_on = mark_of(folder, "zed") is not None
        end_all(folder)
        world.listener.close()
        for file in world.files(world.mark(case.id)):
            if file.parent in (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")):
                shutil.rmtree(file) if file.is_dir() else file.unlink()
        if mark is None and "--debug" in sys.argv:
            print((folder / "log.txt").read_text(encoding="utf-8")[-2000:])
    return {
        "item": case.item,
        "says": case.says,
        "promised": case.mark(points),
        "mark": mark,
        "status": status,
        "went_on": went_on,
        "reached": found,
        "seconds": round(seconds, 1),
        "memory_mb": round(memory / 1e6),
    }


def verdict(row: dict[str, Any]) -> str:
    """What plain nbgrader did with a submission, in words."""
    if row.get("not_run"):
        return f"not run: {row['not_run']}"
    said = []
    if row["status"] is None:
        said.append(f"**hung**, stopped after {LIMIT} s")
    if row["mark"] is None:
        said.append("left ungraded")
    elif row["mark"] != row["promised"]:
        word = "**too much**" if row["mark"] > row["promised"] else "too little"
        said.append(f"{word}: {row['mark']:g}")
    if not row["went_on"]:
        said.append("**the next student was not graded**")
    elif row["status"] == 1:
        said.append("the command failed")
    return "; ".join(said + row["reached"]) or f"{row['mark']:g}, as promised"


def table(results: dict[str, Any]) -> str:
    lines = ["| submission | what it does | promised | plain nbgrader |", "|---|---|---|---|"]
    for name, row in results["submissions"].items():
        lines.append(f"| {name} | {row['says']} | {row['promised']:g} | {verdict(row)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="SUBMISSION", help="these alone, and again")
    parser.add_argument("--table", action="store_true", help="print the table, run nothing")
    parser.add_argument("--debug", action="store_true", help="print nbgrader's log where it stops")
    wanted = parser.parse_args()
    results = json.loads(OUT.read_text(encoding="utf-8")) if OUT.is_file() else {"submissions": {}}
    done = results["submissions"]
    if unknown := set(wanted.names) - set(CASES):
        raise SystemExit(
            f"the corpus has no {', '.join(sorted(unknown))}; see tests/grading/hostile/"
        )
    todo = wanted.names or [k for k in CASES if k not in done]
    if todo and not wanted.table:
        results["nbgrader"], results["date"] = version("nbgrader"), time.strftime("%Y-%m-%d")
        with tempfile.TemporaryDirectory(prefix="plain-") as top:
            course = Path(top) / "course"
            course.mkdir()
            make_course(course)
            cells = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4).cells
            about = [c.metadata.get("nbgrader", {}) for c in cells]
            points = {a["grade_id"]: a["points"] for a in about if a.get("grade")}
            for name in todo:
                case = CASES[name]
                row = {"item": case.item, "says": case.says, "promised": case.mark(points)}
                done[name] = (
                    row | {"not_run": case.plain} if case.plain else run(case, course, points)
                )
                print(f"{name}: {verdict(done[name])}", flush=True)
                results["submissions"] = {k: done[k] for k in CASES if k in done}
                write_whole(OUT, json.dumps(results, indent=1) + "\n")
    print(table(results))


if __name__ == "__main__":
    main()
