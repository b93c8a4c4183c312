"""The programs and data that come from the system's packages, not from PyPI."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from course.paths import CourseError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Need:
    """One thing that the course uses and pip cannot bring."""

    package: str  # Debian's name
    programs: tuple[str, ...] = ()  # any one of these will do
    file: str = ""
    without: str = ""  # what is skipped where it is missing

    @property
    def here(self) -> bool:
        return any(shutil.which(p) for p in self.programs) or bool(
            self.file and Path(self.file).exists()
        )


NEEDS = (
    Need("bubblewrap", ("bwrap",), "", "grading, but for `--unsafe`"),
    Need("chromium", BROWSERS, "", "the browser tests, the book as a PDF"),
    Need("fonts-dejavu-core", ("fc-list",), "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
         "letters in the browser tests"),
    Need("dataset-fashion-mnist", (), "/usr/share/datasets/fashion-mnist",
         "Fashion-MNIST without a download"),
)  # fmt: skip


def install(packages: list[str] | None = None) -> list[Need]:
    """Install what is missing where apt and the right to use it are there; returns what still is.

    `packages` names some of `NEEDS` by their Debian names; without it, all of them.
    """
    missing = [n for n in NEEDS if not n.here and n.package in (packages or [n.package])]
    if missing and shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        if not sudo or _runs([*sudo, "true"]):
            print(
                "installing from the system's packages:", *(n.package for n in missing), flush=True
            )
            _runs([*sudo, "apt-get", "update", "-qq"])
            _runs([*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends",
                   *(n.package for n in missing)])  # fmt: skip
    return [n for n in missing if not n.here]


def browser() -> str:
    """Where a browser is. Raises `CourseError` where there is none."""
    if path := next(filter(None, map(shutil.which, BROWSERS)), None):
        return path
    raise CourseError("no browser is here: apt install chromium fonts-dejavu-core")


def _runs(command: list[str]) -> bool:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, env=env, check=False, **quiet).returncode == 0
    except OSError:
        return False
