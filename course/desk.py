"""The student's desk: `work/`, copies of the exercises that are the student's own.

It is filled on first use. What lies there is never touched again: not by a new release, which is
put beside the copy with the student's answers carried over, nor by any other command.
"""

import os
import shutil
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.paths import ROOT, assignments, write_whole
from course.release import beside, notebook_in, released
from course.stamp import read, release_of, stamp, worked_in

DESK = ROOT / "work"


def fill(root: Path = ROOT) -> list[str]:
    """Put on the desk what is not there yet; a line for each file that is new."""
    lines = []
    for name in assignments(root):
        mine = root / "work" / name / f"{name}.ipynb"
        if not mine.exists() and worked_in(notebook_in(name, root)):
            write_whole(mine, notebook_in(name, root).read_text())
            lines.append(f"work/{name}/{mine.name}: begun from your work in exercises/{name}")
            continue
        release = nbformat.read(released(name, root), as_version=4)
        if not mine.exists():
            write(mine, release)
            lines.append(f"work/{name}/{mine.name}: new")
        elif not any(_begun_from(p, release) for p in mine.parent.glob("*.ipynb")):
            offer = beside(mine)
            latest = max(
                mine.parent.glob("*.ipynb"), key=lambda p: (worked_in(p), p.stat().st_mtime)
            )
            write(offer, carried_over(latest, release))
            lines.append(
                f"work/{name}/{latest.name}: yours, left as it is; a new release lies beside it, "
                f"your answers in it: {offer.name}"
            )
    return lines


def _begun_from(path: Path, release: NotebookNode) -> bool:
    there = read(path)
    return there is not None and release_of(there) == release_of(release)


def carried_over(mine: Path, release: NotebookNode) -> NotebookNode:
    """The new release with the answers of the notebook at `mine`, as grading would move them.

    Where that notebook cannot be read, the release as it is.
    """
    from course.grading.intake.rebuild import rebuild

    there = read(mine)
    if there is None:
        return release
    moved, _ = rebuild(there, release)
    return stamp(moved, release_of(release))


def write(path: Path, notebook: NotebookNode) -> None:
    write_whole(path, nbformat.writes(notebook) + "\n")


def jupyterlab(folder: Path, options: list[str]) -> tuple[list[str], dict[str, str]]:
    """The command that opens JupyterLab on `folder`, and the environment it wants.

    Its terminals find the course's own Python first, whatever the shell's settings put there.
    """
    command = [sys.executable, "-m", "jupyterlab", str(folder), *options]
    here = Path(sys.executable).parent
    path = os.pathsep.join([str(here), os.environ.get("PATH", "")])
    if os.name != "nt":  # no login shell, for that one sets PATH anew
        shell = [os.environ.get("SHELL") or shutil.which("bash") or "sh"]
        if Path(shell[0]).name == "bash":
            shell += ["--rcfile", str(Path(__file__).with_name("terminal.bash"))]
        command.append(f"--ServerApp.terminado_settings={{'shell_command': {shell}}}")
        command += ["--allow-root"] if os.geteuid() == 0 else []
    return command, os.environ | {"PATH": path, "VIRTUAL_ENV": str(here.parent)}
