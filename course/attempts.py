"""What there is to try on the checks: right and wrong answers, each an `Attempt`.

Those of the catalogue in `course/checks`, and loose ones that somebody has written.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from course import typed
from course.paths import ROOT, CourseError


@dataclass
class Attempt:
    """One answer tried: what it is, and what each of the checks said at each seed."""

    assignment: str
    answer: str
    file: str  # "right_loop", "wrong_sign", …, or "hole" or "dgm"
    source: str = field(default="", repr=False)  # as typed into the cell; or the `function` itself
    function: Callable | None = field(default=None, repr=False, compare=False)
    why: str = ""
    verdicts: list[dict[str, str]] = field(default_factory=list)  # a seed: {"check": "", …}
    defect: str = ""
    seconds: float = 0.0

    @property
    def should_pass(self) -> bool:
        return self.file == "dgm" or self.file.startswith("right_")

    @property
    def problem(self) -> str:
        """Why this attempt is not as it should be, or the empty text."""
        if self.defect:
            return f"defect of the answer: {self.defect}"
        for seed, verdict in enumerate(self.verdicts):
            said = [f"{kind}: {text}" for kind, text in verdict.items() if text]
            if self.should_pass and said:
                return f"rejected at seed {seed}; {said[0]}"
            if not self.should_pass and not said:
                return f"accepted at seed {seed}"
        return ""

    @property
    def only_hidden(self) -> bool:
        """Whether the student, running the visible check, would have seen nothing wrong."""
        return bool(self.verdicts) and not self.should_pass and not self.verdicts[0]["check"]


def load(assignment: str, only: str | None = None) -> tuple[list[dict], list[Attempt]]:
    """The code cells of the woven assignment, and all attempts on it, not yet tried."""
    import nbformat

    from course.release import released
    from course.weave import weave

    woven = weave(ROOT / "solutions" / assignment / f"{assignment}.py")
    emptied = nbformat.read(released(assignment), as_version=4)
    cells = [
        {"id": c.id, "source": c.source, "nbgrader": c.metadata.get("nbgrader", {})}
        for c in woven.cells
        if c.cell_type == "code" and "demo" not in c.metadata.get("tags", [])
    ]
    attempts = []
    for name in (c["id"] for c in cells if c["nbgrader"].get("solution")):
        if not only or name == only:
            hole = next(c.source for c in emptied.cells if c.id == name)
            attempts += catalogued(assignment, name, hole)
    return cells, attempts


def catalogued(assignment: str, name: str, hole: str) -> list[Attempt]:
    """The attempts on an exercise: the hole as released, the definition, and all of its file."""
    from course.checks.exercise import load

    exercise = load(name)
    found = [
        Attempt(assignment, name, "hole", hole),
        Attempt(assignment, name, "dgm", function=exercise.definition),
    ]
    for answer in [*exercise.right(), *exercise.mistakes()]:
        found.append(
            Attempt(assignment, name, answer.name, why=answer.words, function=answer.function)
        )
    return found


def texts(assignment: str) -> dict[str, dict[str, str]]:
    """All right and wrong answers as a student would type them: by exercise, then by name."""
    found: dict[str, dict[str, str]] = {}
    for name, answer, text in typed.texts(assignment):
        found.setdefault(name, {})[answer] = text
    return found


def loose(
    assignment: str, folder: Path, only: str | None = None
) -> tuple[list[dict], list[Attempt]]:
    """The answers in `folder/NAME/right_*.py` and `wrong_*.py`, as a student would type them.

    Raises:
        CourseError: where a folder is called as no answer is, or there are none.
    """
    cells, known = load(assignment, only)
    names = {a.answer for a in known}
    found = []
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        if place.name not in names and not only:
            raise CourseError(f"{place}: {assignment} has no answer of that name; it has {', '.join(sorted(names))}")  # fmt: skip
        for path in sorted(place.glob("*.py")) if place.name in names else []:
            if not path.name.startswith(("right_", "wrong_")):
                raise CourseError(f"{path}: call it right_….py or wrong_….py")
            found.append(
                Attempt(assignment, place.name, path.name, path.read_text(encoding="utf-8"))
            )
    if not found:
        raise CourseError(f"{folder} holds no NAME/right_….py or NAME/wrong_….py")
    return cells, found
