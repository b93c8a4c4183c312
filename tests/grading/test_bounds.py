"""The bound on a worker and all that it starts; and what is said where a protection is missing."""

import subprocess

import pytest

from course.grading.run import crew, missing, worker
from course.grading.run.worker import GRADE
from course.grading.sandbox import cgroup, refused, wall


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A made tree of groups, of which a/b/c is ours; groups with limits may be made in `a`."""
    for group, bounds in ((".", "memory"), ("a", "cpu memory pids"), ("a/b", "cpu"), ("a/b/c", "")):
        (tmp_path / group).mkdir(exist_ok=True)
        (tmp_path / group / "cgroup.subtree_control").write_text(bounds)
        (tmp_path / group / "cgroup.procs").touch()
    (tmp_path / "cgroup.controllers").touch()
    (tmp_path / "own").write_text("1:name=systemd:/x\n0::/a/b/c\n")
    monkeypatch.setattr(cgroup, "TREE", tmp_path)
    monkeypatch.setattr(cgroup, "OWN", tmp_path / "own")
    return tmp_path


def test_a_group_is_made_in_the_nearest_that_can_bound_memory(tree):
    group = cgroup.made()
    assert group.parent == tree / "a"
    assert (group / "memory.max").read_text() == cgroup.LIMITS["memory.max"]
    ran = subprocess.run([*cgroup.joining(group), "echo", "two  words", "$0"], capture_output=True, text=True)  # fmt: skip
    assert ran.stdout == "two  words $0\n"
    assert (group / "cgroup.procs").read_text() == "0\n"  # the kernel puts there who writes


def test_who_may_not_join_does_not_run(tree):
    ran = subprocess.run([*cgroup.joining(tree / "none"), "echo", "ran"], capture_output=True, text=True)  # fmt: skip
    assert (ran.stdout, ran.returncode != 0, "none" in ran.stderr) == ("", True, True)


@pytest.mark.parametrize("gone", ["cgroup.controllers", "own", "bounds"])
def test_where_there_is_none_it_says_so(tree, gone):
    if gone == "own":
        (tree / "own").write_text("4:memory:/x\n")
    elif gone == "bounds":
        for group in (".", "a"):
            (tree / group / "cgroup.subtree_control").write_text("cpu\n")
    else:
        (tree / gone).unlink()
    with pytest.raises(OSError, match=r"control groups? "):
        cgroup.made()


def test_a_worker_is_started_in_its_group_which_goes_with_it(tree, monkeypatch):
    begun = []

    class Process:
        pid, returncode = 2**30, 0

        def __init__(self, command, **_):
            begun.append(command)

        def wait(self, *_):
            return 0

    monkeypatch.setattr(cgroup, "problem", lambda: "")
    monkeypatch.setattr(wall, "sandbox_problem", lambda: "")
    monkeypatch.setattr(wall, "no_wall_round_the_judge", lambda: "")
    monkeypatch.setattr(worker.subprocess, "Popen", Process)
    monkeypatch.setattr(cgroup, "removed", begun.append)
    one = worker.Worker(GRADE, False)
    assert begun[0][:3] == ["sh", "-c", cgroup.JOIN]
    assert begun[0][3] == str(one.group / "cgroup.procs")
    assert begun[0][4] == "bwrap"
    one.stop(0)
    assert begun[1] == one.group


def test_what_is_missing_is_said_once(monkeypatch, capsys):
    class Idle:
        def __init__(self, *_):
            pass

    for module, name in (
        (refused, "problem"),
        (wall, "no_wall_round_the_judge"),
        (cgroup, "problem"),
    ):
        monkeypatch.setattr(module, name, lambda name=name: f"no {name} here")
    monkeypatch.setattr(wall, "sandbox_problem", lambda: "")
    monkeypatch.setattr(crew, "Worker", Idle)
    missing.say.cache_clear()
    for _ in range(2):
        crew.Crew(GRADE)._take()
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert all(line.startswith("not on this machine: ") for line in said)
    assert "no no_wall_round_the_judge here" in said[1]
    missing.say.cache_clear()
