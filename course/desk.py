"""The student's desk: `work/`, copies of the exercises that are the student's own, and of the chapters.

It is filled on first use. What a student has worked in there is never touched again: not by a new
release, which is put beside the copy with the student's answers carried over, nor by any other
command. A chapter's notebook in which nobody has worked follows the book.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat

from course.paths import ROOT, assignments, write_whole
from course.release import beside, latest, notebook_in, offered, released
from course.stamp import read, release_of, worked_in

DESK = ROOT / "work"


def fill(root: Path = ROOT) -> Iterator[str]:
    """Put on the desk what is not there yet; a line for each file that is new, or went wrong."""
    for name in assignments(root):
        mine = root / "work" / name / f"{name}.ipynb"
        try:
            yield from _fill_one(name, mine, root)
        except Exception as problem:  # one that goes wrong must not keep the others from their desk
            yield f"work/{name}: left as it is ({problem})"
    new = [page for page in sorted(root.glob("book/chapters/*.ipynb")) if _read_anew(page, root)]
    if new:
        yield f"work/chapters: {len(new)} to read, and to try things in"


def _read_anew(page: Path, root: Path) -> bool:
    """Put a chapter's notebook on the desk, if it is not there as it is; says if a file changed."""
    mine, text = root / "work" / "chapters" / page.name, page.read_text(encoding="utf-8")
    if worked_in(mine) or (mine.is_file() and mine.read_bytes() == text.encode()):
        return False
    write_whole(mine, text)
    return True


def _fill_one(name: str, mine: Path, root: Path) -> Iterator[str]:
    theirs = notebook_in(name, root)
    if not os.path.lexists(mine):
        begun = worked_in(theirs)
        source = theirs if begun else released(name, root)
        write_whole(mine, source.read_text(encoding="utf-8"), new=True)
        how = f"begun from your work in exercises/{name}" if begun else "new"
        yield f"work/{name}/{mine.name}: {how}"
        return
    release = nbformat.read(released(name, root), as_version=4)
    if offered(mine, release_of(release)):
        return
    source, offer = latest(mine), beside(mine)
    there = read(source)
    if there is not None:
        from course.grading.intake.rebuild import rebuild

        moved, _ = rebuild(there, release)  # stamped as the release is: with answers, it is work
        text, more = nbformat.writes(moved) + "\n", ", your answers in it"
    else:
        text, more = released(name, root).read_text(encoding="utf-8"), ""
    write_whole(offer, text, new=not offer.exists())
    yield (
        f"work/{name}/{source.name}: yours, left as it is; a new release lies beside it{more}: "
        f"{offer.name}"
    )


def open_jupyterlab(options: list[str], teach: bool = False) -> int:
    """Open JupyterLab on the desk, or for a teacher on the whole course; returns when it ends."""
    folder = ROOT if teach else DESK
    command, environment = jupyterlab(folder, options, teach)
    folder.mkdir(exist_ok=True)
    if os.name == "nt":
        return subprocess.run(command, cwd=folder, env=environment).returncode
    os.chdir(folder)
    os.execve(command[0], command, environment)  # Ctrl-C is JupyterLab's own, which asks first


def jupyterlab(
    folder: Path, options: list[str], teach: bool = False
) -> tuple[list[str], dict[str, str]]:
    """The command that opens JupyterLab on `folder`, and the environment it wants.

    Its terminals find the course's own Python first, whatever the shell's settings put there.
    nbgrader's menus and buttons are for who teaches: `course/lab` switches them off.
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
    environment = os.environ | {"PATH": path, "VIRTUAL_ENV": str(here.parent), "COURSE": str(ROOT)}
    if not teach:
        places = [str(Path(__file__).with_name("lab")), os.environ.get("JUPYTER_CONFIG_PATH", "")]
        environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, places))
    return command, environment
