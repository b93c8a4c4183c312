"""What comes from the system: installed where it can be, named where it cannot."""

import subprocess
import sys

from course import system
from course.paths import ROOT


def test_what_is_here_is_not_missing(monkeypatch):
    monkeypatch.setattr(system, "NEEDS", (system.Need("python3", ("sh",)),))
    monkeypatch.setattr(system, "_runs", lambda command: 1 / 0)
    assert system.install() == []


def test_what_is_missing_is_asked_of_apt_and_named(monkeypatch):
    asked = []
    need = system.Need("no-such-thing", ("no-such-program",), without="nothing")
    monkeypatch.setattr(system, "NEEDS", (need, system.Need("other", ("no-such-other",))))
    monkeypatch.setattr(
        system.shutil, "which", lambda p: "/usr/bin/apt-get" if p == "apt-get" else None
    )
    monkeypatch.setattr(system, "_runs", lambda command: asked.append(command) or True)
    assert system.install(["no-such-thing"]) == [need]
    assert asked[-1][-1] == "no-such-thing"
    assert not any("other" in command for command in asked)


def test_a_missing_package_fails_only_with_ci(tmp_path):
    program = (
        "import sys; from course import system, __main__ as m;"
        "system.NEEDS = (system.Need('none', ('no-such',), without='the moon'),);"
        "system._runs = lambda c: False; sys.argv = ['course', 'system']; sys.exit(m.main())"
    )
    for ci, code in (("", 0), ("true", 1)):
        run = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env={"CI": ci, "PATH": "/usr/bin:/bin"},
            capture_output=True, text=True,
        )  # fmt: skip
        assert run.returncode == code
        assert "apt install none" in run.stdout
        assert "the moon" in run.stdout
