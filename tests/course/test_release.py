"""Nobody's work is overwritten: a notebook that somebody has worked in survives every command."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course.desk import fill, jupyterlab
from course.paths import ROOT, CourseError, write_whole
from course.release import make_exercises, notebook_in, released, somebodys, weave_to_file
from course.stamp import stamp, untouched, worked_in
from tests.courses import copy_course

pytestmark = pytest.mark.xdist_group("release")  # one worker, one course made

NAME = "09-comparison"
ANSWER = "def bits_per_dim(nats, dim):\n    return nats / dim / math.log(2)"
PLACE = f"exercises/{NAME}/{NAME}.ipynb"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    """The course with one assignment, released."""
    root = tmp_path_factory.mktemp("pristine") / "course"
    root.mkdir()
    copy_course(root, ("dgm", "course"))
    shutil.copytree(ROOT / "solutions" / NAME, root / "solutions" / NAME)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    assert make_exercises([NAME], root) == [NAME]
    return root


@pytest.fixture
def root(pristine, tmp_path):
    return shutil.copytree(pristine, tmp_path / "course")


def edit(path: Path, text: str = ANSWER) -> bytes:
    """Answer an exercise in the notebook at `path`, as a student would; the file's new bytes."""
    notebook = nbformat.read(path, as_version=4)
    next(c for c in notebook.cells if c.id == "bits_per_dim").source = text
    nbformat.write(notebook, path)
    return path.read_bytes()


def change(root: Path) -> None:
    """Change what the exercise is made from."""
    source = root / "solutions" / NAME / f"{NAME}.py"
    source.write_text(source.read_text() + "\n# %% [markdown]\n# A new last word.\n")


def command(root: Path, *words: str) -> str:
    """What `make WORDS` prints in that course, with the tests' own environment."""
    if not (root / ".venv").exists():
        (root / ".venv" / "bin").mkdir(parents=True)
        (root / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        (root / ".venv" / "bin" / "python").chmod(0o755)
    made = [word for name in ("python", "course", "test") for word in ("-o", f".venv/{name}")]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "PYTEST"))}
    done = subprocess.run(
        ["make", *made, "-o", "lint", *words], cwd=root, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def text_of(path: Path) -> str:
    return "\n".join(c.source for c in nbformat.read(path, as_version=4).cells)


# What counts as work


def test_release_knows_itself(pristine):
    notebook = nbformat.read(notebook_in(NAME, pristine), as_version=4)
    assert untouched(notebook)
    assert released(NAME, pristine) == notebook_in(NAME, pristine)
    assert somebodys([NAME], pristine) == []


@pytest.mark.parametrize(
    "how", ["answer", "note", "own cell", "cell gone", "output", "moved", "points", "no source"]
)
def test_every_kind_of_work_counts(pristine, how, tmp_path):
    notebook = nbformat.read(notebook_in(NAME, pristine), as_version=4)
    code = next(c for c in notebook.cells if c.cell_type == "code")
    if how == "answer":
        next(c for c in notebook.cells if c.id == "bits_per_dim").source = ANSWER
    elif how == "note":
        notebook.cells[0].source += "\n\nmy note"
    elif how == "own cell":
        notebook.cells.append(nbformat.v4.new_code_cell("1 + 1"))
    elif how == "cell gone":
        del notebook.cells[3]
    elif how == "output":
        code.outputs = [nbformat.v4.new_output("stream", text="42")]
    elif how == "points":
        next(
            c for c in notebook.cells if c.id == "bits_per_dim-check"
        ).metadata.nbgrader.points = 99
    elif how == "no source":
        del code["source"]
    else:
        notebook.cells.insert(0, notebook.cells.pop(4))
    path = tmp_path / "some.ipynb"
    path.write_text(json.dumps(notebook))
    assert worked_in(path)


def test_opened_and_saved_is_no_work(pristine):
    notebook = nbformat.read(notebook_in(NAME, pristine), as_version=4)
    notebook.metadata.language_info.version = "3.13.0"  # as Jupyter does
    notebook.cells[0].metadata["editable"] = True
    assert untouched(notebook)


# The release


def test_work_is_left_alone_and_the_new_release_lies_beside_it(root):
    mine = edit(root / PLACE)
    assert make_exercises([NAME], root) == [], "begun from this release: there is nothing new"
    assert released(NAME, root).parent.parent.name == "release", "the course still has its own"
    change(root)
    assert make_exercises([NAME], root, force=True) == [NAME]
    new = root / PLACE.replace(".ipynb", ".new.ipynb")
    assert (root / PLACE).read_bytes() == mine
    assert "A new last word." in text_of(new)
    assert untouched(nbformat.read(new, as_version=4))
    (line,) = somebodys([NAME], root)
    assert line.startswith(f"{PLACE}: has been worked in, left as it is")
    assert line.endswith(new.name)


def test_work_in_what_lay_beside_is_work_too(root):
    mine = edit(root / PLACE)
    change(root)
    make_exercises([NAME], root)
    theirs = edit(new := root / PLACE.replace(".ipynb", ".new.ipynb"))
    assert make_exercises([NAME], root) == [], "it is begun from this release"
    change(root)
    make_exercises([NAME], root)
    assert (root / PLACE).read_bytes() == mine
    assert new.read_bytes() == theirs
    assert text_of(new.with_name(f"{NAME}.new-2.ipynb")).count("A new last word.") == 2
    assert somebodys([NAME], root)[0].endswith(f"{NAME}.new-2.ipynb")


def test_untouched_notebook_is_brought_up_to_date(root):
    change(root)
    assert make_exercises([NAME], root) == [NAME]
    assert "A new last word." in text_of(root / PLACE)
    (root / PLACE).unlink()
    assert make_exercises([NAME], root) == [NAME], "a deleted one comes back"
    assert [p.name for p in (root / PLACE).parent.iterdir()] == [f"{NAME}.ipynb"]


def test_damaged_notebook_is_left_alone(root):
    (root / PLACE).write_text('{"cells": [')
    make_exercises([NAME], root)
    assert (root / PLACE).read_text() == '{"cells": ['
    assert untouched(nbformat.read(root / PLACE.replace(".ipynb", ".new.ipynb"), as_version=4))


def test_without_a_release_to_trust_one_is_asked_for(root):
    edit(root / PLACE)
    shutil.rmtree(root / "_build")
    with pytest.raises(CourseError, match="run `make exercises`, which leaves that notebook"):
        released(NAME, root)


def test_nbgraders_own_command_hands_out_as_ours_does(root):
    mine = edit(root / PLACE)
    beside = (root / PLACE).with_name("notes.txt")
    beside.write_text("mine")
    change(root)
    weave_to_file(NAME, root)
    for _ in range(2):  # formgrader's button does the same
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", "generate_assignment", NAME, "--force"],
            cwd=root, capture_output=True, text=True,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    assert (root / PLACE).read_bytes() == mine
    assert beside.read_text() == "mine"
    assert "A new last word." in text_of(root / PLACE.replace(".ipynb", ".new.ipynb"))


def test_link_that_leads_nowhere_is_left_alone(root):
    (root / PLACE).unlink()
    (root / PLACE).symlink_to("/nowhere/at/all.ipynb")
    make_exercises([NAME], root)
    assert (root / PLACE).is_symlink()
    mine = root / "work" / NAME / f"{NAME}.ipynb"
    mine.parent.mkdir(parents=True)
    mine.symlink_to("/nowhere/at/all.ipynb")
    list(fill(root))
    assert mine.is_symlink()
    assert sorted(p.name for p in mine.parent.iterdir()) == [mine.name, f"{NAME}.new.ipynb"]


def test_a_new_file_is_never_written_over_another(tmp_path):
    path = tmp_path / "a"
    write_whole(path, "first", new=True)
    with pytest.raises(FileExistsError):
        write_whole(path, "second", new=True)
    assert path.read_text() == "first"
    assert [p.name for p in tmp_path.iterdir()] == ["a"], "and no part of a file is left"


# Each command, with a notebook that somebody has worked in


def small_book(root: Path) -> None:
    """A book of a front page and the exercise."""
    book = root / "book"
    for name in ("_ext", "_static", "_vendor"):
        shutil.copytree(ROOT / "book" / name, book / name)
    shutil.copy(ROOT / "book" / "references.bib", book)
    (book / "index.md").write_text("# Front\n")
    page = f"exercises/{NAME}/{NAME}"
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:\n- file: {page}\n")


@pytest.mark.parametrize("words", [["exercises"], ["book"], ["test"], ["grade", f"ASSIGNMENT={NAME}"],
                                   ["clean"], ["lab", "OPTIONS=--version"]], ids=lambda w: w[0])  # fmt: skip
def test_command_loses_no_work(root, words):
    if words == ["book"]:
        small_book(root)
    if words == ["test"]:
        (root / "tests").mkdir()
        (root / "tests" / "test_one.py").write_text("def test_one():\n    pass\n")
    if words[0] == "grade":
        handed_in = root / "submitted" / "ada" / NAME
        handed_in.mkdir(parents=True)
        shutil.copy(root / PLACE, handed_in)
    mine = edit(root / PLACE)
    checkpoint = root / "exercises" / NAME / ".ipynb_checkpoints" / f"{NAME}-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    checkpoint.write_bytes(mine)
    command(root, "lab", "OPTIONS=--version")
    desk = edit(root / "work" / NAME / f"{NAME}.ipynb", ANSWER + "  # on the desk")
    change(root)
    said = command(root, *words)
    assert (root / PLACE).read_bytes() == mine
    assert checkpoint.read_bytes() == mine
    assert (root / "work" / NAME / f"{NAME}.ipynb").read_bytes() == desk
    if words[0] in ("exercises", "book", "test", "grade"):
        assert f"{PLACE}: has been worked in, left as it is" in said
    if words == ["book"]:
        shown = root / "_build" / "html" / "_sources" / f"{PLACE}"
        assert "A new last word." in text_of(shown), "the release is shown, not somebody's work"
        assert ANSWER not in text_of(shown)
    if words[0] == "grade":
        assert "ada" in (root / "grades.csv").read_text()


def test_pull_loses_no_work(root, tmp_path):
    def git(where, *words):
        name = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        return subprocess.run(["git", *name, *words], cwd=where, capture_output=True, text=True)

    shutil.copy(ROOT / ".gitignore", root)
    for words in (["init", "-qb", "main"], ["add", "."], ["commit", "-qm", "A course"]):
        assert git(root, *words).returncode == 0
    clone = tmp_path / "clone"
    assert git(tmp_path, "clone", "-q", str(root), str(clone)).returncode == 0
    make_exercises([NAME], clone)
    list(fill(clone))
    mine = edit(clone / PLACE)
    desk = edit(clone / "work" / NAME / f"{NAME}.ipynb")
    assert "work" not in git(clone, "status", "--short").stdout, "the desk is the student's alone"
    change(root)
    make_exercises([NAME], root)
    assert git(root, "commit", "-qam", "A new release").returncode == 0
    pulled = git(clone, "pull", "-q")
    assert pulled.returncode != 0
    assert "local changes" in pulled.stderr, "git refuses by itself"
    assert (clone / PLACE).read_bytes() == mine
    assert (clone / "work" / NAME / f"{NAME}.ipynb").read_bytes() == desk


# The desk


def test_desk_is_filled_once_and_offers_new_releases_with_the_answers(root):
    assert list(fill(root)) == [f"work/{NAME}/{NAME}.ipynb: new"]
    mine = root / "work" / NAME / f"{NAME}.ipynb"
    assert mine.read_bytes() == (root / PLACE).read_bytes()
    before = edit(mine)
    (mine.parent / "scratch.ipynb").write_text("{}")  # the newest file there
    assert list(fill(root)) == []
    change(root)
    make_exercises([NAME], root)
    (line,) = fill(root)
    assert line.startswith(f"work/{NAME}/{NAME}.ipynb: yours, left as it is")
    assert line.endswith(f"your answers in it: {NAME}.new.ipynb")
    assert mine.read_bytes() == before
    offer = mine.with_name(f"{NAME}.new.ipynb")
    assert ANSWER in text_of(offer)
    assert "A new last word." in text_of(offer)
    assert list(fill(root)) == [], "it is offered once"


def test_an_offer_that_was_taken_up_is_work(root):
    list(fill(root))
    mine = root / "work" / NAME / f"{NAME}.ipynb"
    edit(mine)
    change(root)
    make_exercises([NAME], root)
    list(fill(root))
    taken = mine.with_name(f"{NAME}.new.ipynb")
    later = edit(taken, ANSWER + "  # later")
    change(root)
    make_exercises([NAME], root)
    list(fill(root))
    assert taken.read_bytes() == later
    assert "# later" in text_of(mine.with_name(f"{NAME}.new-2.ipynb"))


def test_offer_holds_answers_and_so_is_work(root):
    """The student may delete the old copy, for the new one has all of it."""
    list(fill(root))
    mine = root / "work" / NAME / f"{NAME}.ipynb"
    edit(mine)
    change(root)
    make_exercises([NAME], root)
    list(fill(root))
    offer = mine.with_name(f"{NAME}.new.ipynb")
    assert worked_in(offer)
    mine.unlink()
    for _ in range(2):
        change(root)
        make_exercises([NAME], root)
        list(fill(root))
    assert ANSWER in text_of(offer)
    shutil.copy(offer, root / PLACE)
    change(root)
    make_exercises([NAME], root)
    assert ANSWER in text_of(root / PLACE), "it is taken for no release"
    assert ANSWER not in text_of(released(NAME, root))


def test_one_that_goes_wrong_does_not_keep_the_desk_shut(root):
    edit(root / PLACE)
    shutil.rmtree(root / "_build")
    assert "begun from your work" in next(fill(root))
    (line,) = fill(root)
    assert "run `make exercises`" in line
    (root / "work" / NAME / f"{NAME}.ipynb").unlink()
    (root / PLACE).write_bytes(b"\xff\xfe")
    (line,) = fill(root)
    assert line.startswith(f"work/{NAME}: left as it is (")


def test_work_done_in_exercises_comes_along_to_the_desk(root):
    mine = edit(root / PLACE)
    assert "begun from your work" in next(fill(root))
    assert (root / "work" / NAME / f"{NAME}.ipynb").read_bytes() == mine


def test_chapters_lie_on_the_desk_and_follow_the_book(root):
    page = root / "book" / "chapters" / "01-a.ipynb"
    page.parent.mkdir(parents=True)
    mine = root / "work" / "chapters" / "01-a.ipynb"

    def write(text):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text, id="a")])
        page.write_text(nbformat.writes(stamp(notebook)))

    write("1")
    assert "work/chapters: 1 to read" in list(fill(root))[-1]
    assert mine.read_bytes() == page.read_bytes()
    write("2")
    list(fill(root))
    assert mine.read_bytes() == page.read_bytes()
    mine.write_text(mine.read_text().replace('"2"', '"mine"'))
    write("3")
    list(fill(root))
    assert '"mine"' in mine.read_text()


def test_damaged_copy_gets_the_release_beside_it(root):
    list(fill(root))
    mine = root / "work" / NAME / f"{NAME}.ipynb"
    mine.write_text("half a noteb")
    list(fill(root))
    assert mine.read_text() == "half a noteb"
    assert "bits_per_dim" in text_of(mine.with_name(f"{NAME}.new.ipynb"))


def test_terminal_of_the_desk_finds_the_courses_python(tmp_path, monkeypatch):
    (tmp_path / ".bashrc").write_text("export PATH=/usr/bin:$PATH\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", shutil.which("bash"))
    command, environment = jupyterlab(tmp_path, ["--no-browser"])
    assert command[2:5] == ["jupyterlab", str(tmp_path), "--no-browser"]
    (settings,) = [c for c in command if "terminado_settings" in c]
    shell = ast.literal_eval(settings.partition("=")[2])["shell_command"]
    found = subprocess.run(
        [*shell, "-ic", "command -v python"], env=environment, capture_output=True, text=True
    )
    assert Path(found.stdout.strip()).parent == Path(sys.executable).parent
    made = subprocess.run(
        [*shell, "-ic", "make -n check NOTEBOOK=mine.ipynb"],
        env=environment, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert f'cd "{tmp_path}"' in made.stdout


def test_nbgraders_tools_are_for_who_teaches(tmp_path):
    """JupyterLab itself is asked what it would load."""
    asked = "from jupyterlab_server.config import get_page_config as p; from jupyter_core.paths import jupyter_path; print(p(jupyter_path('labextensions'))['disabledExtensions'])"
    for teach in (False, True):
        _, environment = jupyterlab(tmp_path, [], teach)
        run = subprocess.run(
            [sys.executable, "-c", asked], env=environment | {"HOME": str(tmp_path)}, capture_output=True, text=True
        )  # fmt: skip
        assert ("nbgrader" in run.stdout) == (not teach), run.stderr
