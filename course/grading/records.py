"""What passes between the parts of grading; plain data, so that it can travel and be stored."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

State = Literal["passed", "failed", "open", "lost"]


@dataclass(frozen=True)
class Flag:
    """Something for a person to look at; never proof, and no flag changes a mark."""

    kind: str  # "copied answer", "seed changed", "likeness", "ungradable", "killed", ...
    text: str  # a sentence for the instructor
    answer: str = ""  # the answer's id where the flag is about one


@dataclass
class CheckResult:
    """What one check cell said. "open": not answered yet; "lost": the answer died or hung."""

    state: State
    points: float  # that it is worth; all of them if passed, none if not
    message: str = ""  # for the student: the likely mistake; of a hidden check, words alone
    seconds: float = 0.0  # in the check, the answer's own work included
    also: str = ""  # for the student: what else was tried, in vain
    through: list[str] = field(default_factory=list)  # the course's definitions that it passed with
    share: float = 1.0  # of the points, that one earns which passed so

    @property
    def score(self) -> float:
        worth = self.points * self.share if self.through else self.points
        return worth if self.state == "passed" else 0.0


@dataclass
class Record:
    """All that grading notes about one submission, kept in its notebook's metadata as `dgm`."""

    checks: dict[str, CheckResult] = field(default_factory=dict)  # by grade id
    flags: list[Flag] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # a cell that does not run: by its id, why
    reason: str = ""  # why it could not be graded, if it could not
    received: str = ""  # the server's time, ISO 8601 with its zone
    seconds: float = 0.0  # the whole submission, on the wall clock
    restarts: int = 0  # how often its process had to be started anew
    memory: int = 0  # bytes, the largest resident size of its process

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Record":
        return cls(
            **data
            | {
                "checks": {k: CheckResult(**v) for k, v in data.get("checks", {}).items()},
                "flags": [Flag(**f) for f in data.get("flags", [])],
            }
        )


@dataclass(frozen=True)
class Job:
    """One submission to be run: all that the worker needs, for it sees no gradebook and no disk."""

    assignment: str
    student: str
    notebook: dict[str, Any]  # rebuilt: the released cells with the answers put in (nbformat 4)
    checks: dict[str, str]  # grade id -> the source of its check, hidden ones too, seed put in
    hidden: tuple[str, ...]  # the grade ids of the hidden ones
    points: dict[str, float]
    asked: tuple[str, ...]  # the names that the assignment asks for
    timeout: float = 30.0  # seconds a cell, or a check
    total_timeout: float = 300.0  # seconds the submission
    wanted: tuple[tuple, ...] | None = (
        None  # where the course's own lie: `student_edition.asked` gives it
    )
    secret: str = ""  # what the judge's generators hang on; the same for all, known to none


@dataclass
class Outcome:
    """What running a job gave: outputs of each cell by its id, and the record (no flags of intake)."""

    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # nbformat outputs
    record: Record = field(default_factory=Record)
