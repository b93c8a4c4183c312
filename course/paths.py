"""Where things lie in a checkout, and the one place that knows the repository's address."""

import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOLUTIONS = ROOT / "solutions"
EXERCISES = ROOT / "exercises"
ANSWERS = ROOT / "tests" / "answers"


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
def repository() -> str:
    """The repository's address, as `_config.yml` gives it."""
    import yaml

    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    return config["repository"]["url"].rstrip("/")
