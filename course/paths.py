"""Where things lie in a checkout, and the one place that knows the course's addresses."""

import functools
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"


class CourseError(Exception):
    """Something in the course's sources is wrong; the message says where, what, and what to do."""


def assignments(root: Path = ROOT) -> list[str]:
    """The names of all assignments, in order: a folder that holds a source of the same name."""
    return sorted(
        p.parent.name for p in (root / "solutions").glob("*/*.py") if p.stem == p.parent.name
    )


def choose(names: list[str], root: Path = ROOT) -> list[str]:
    """The assignments that `names` stand for (all, if empty); `01` is short for its full name."""
    known = assignments(root)
    chosen = []
    for name in names:
        short = name.rstrip("/").removeprefix("solutions/").removeprefix("exercises/")
        found = [k for k in known if k == short] or [k for k in known if k.startswith(short)]
        if len(found) != 1:
            raise CourseError(f"no assignment is called {name!r}; there are: {', '.join(known)}")
        chosen += found
    return chosen or known


@functools.cache
def config() -> dict:
    """The book's settings, `_config.yml`."""
    import yaml

    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def repository() -> str:
    """The repository's address, as `_config.yml` gives it."""
    return config()["repository"]["url"].rstrip("/")


def published() -> str:
    """The published book's address, as `_config.yml` gives it."""
    return config()["html"]["baseurl"].rstrip("/")


# Stands at the head of every notebook that a hosted service may open; on a laptop it does nothing.
COLAB = """\
import sys

if "google.colab" in sys.modules:  # a hosted notebook: fetch the course's package once
    import subprocess

    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "{package}"], check=True)
"""


def colab_lines(extra: str = "") -> str:
    """`COLAB` with the repository's address in it, and what pyproject.toml calls `extra` besides."""
    address = f"git+{repository()}"
    return COLAB.format(package=f"dgm[{extra}] @ {address}" if extra else address)


def write_whole(path: Path, text: str, new: bool = False) -> None:
    """Write `text` to `path`, in UTF-8, whole or not at all; leave an equal file as it is.

    Raises:
        FileExistsError: with `new`, if there is something at `path`, however late it came.
    """
    content = text.encode()
    if not new and path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(part, 0o666 & ~_umask())
        if new:
            os.link(part, path)
        else:
            os.replace(part, path)
    finally:
        Path(part).unlink(missing_ok=True)


@functools.cache
def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
