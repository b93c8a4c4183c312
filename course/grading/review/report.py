"""The class report: one page on how an assignment went, made from what grading left behind.

`write` makes `reports/ASSIGNMENT.html`, the same marks as CSV, and a page for each submission;
`summary` says in ten lines how it went. All read the autograded notebooks and the gradebook, and
change neither.
"""

import math
import re
import statistics
from base64 import b64encode
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup

from course.grading.review import alike, spreadsheet, submission
from course.grading.review.feedback import number, printable, templates
from course.grading.review.marks import Row, rows
from course.grading.review.outline import outline, title_of
from course.grading.review.wording import sentence
from course.paths import ROOT, write_whole
from course.release import released

BARS = 12  # at most, in the histogram
OFTEN = 5  # messages a check
FLAGS = 8  # of one student
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?|\bnan\b|\binf\b")
STATES = ("passed", "failed", "lost", "open")


@dataclass
class Asked:
    """A check, and how the class did on it."""

    id: str
    exercise: str
    hidden: bool
    states: Counter[str]
    mistakes: list[tuple[int, str, bool]]  # how often, one such message, whether its numbers differ
    through: int = 0  # how many passed with the course's own earlier answers

    @property
    def share(self) -> float:
        return self.states["passed"] / max(1, self.states.total())


def bars(scores: list[float], whole: float) -> list[tuple[str, int]]:
    """How many marks lie in each of at most `BARS` equal ranges: (its words, count)."""
    steps = (m * 10**k for k in range(6) for m in (1, 2, 3, 5))
    step = next(s for s in steps if math.ceil((whole + 1) / s) <= BARS)
    counts = [0] * math.ceil((whole + 1) / step)
    for score in scores:
        counts[min(len(counts) - 1, max(0, int(score // step)))] += 1
    last = math.ceil(whole)
    ends = [(low, min(low + step - 1, last)) for low in range(0, len(counts) * step, step)]
    words = [f"{a}" if a == b else f"{a}–{b}" for a, b in ends]
    return list(zip(words, counts, strict=True))


def mistakes(messages: list[str]) -> list[tuple[int, str, bool]]:
    """The most frequent messages; those that differ by their numbers alone count as one."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for message in messages:
        kinds[NUMBER.sub("0", message)][message] += 1
    often = sorted(kinds.values(), key=lambda c: (-c.total(), min(c)))[:OFTEN]
    return [(c.total(), printable(c.most_common(1)[0][0], 300), len(c) > 1) for c in often]


def checks(assignment: str, found: list[Row], root: Path = ROOT) -> list[Asked]:
    """Each check, in order, with how the class did on it; ungradable ones do not count."""
    asked = []
    for exercise in outline(nbformat.read(released(assignment, root), as_version=4)):
        for check in exercise.checks:
            states: Counter[str] = Counter()
            said, through = [], 0
            for row in found:
                result = row.record.checks.get(check.id)
                if row.record.reason:
                    continue
                if result:
                    states[result.state] += 1
                    through += bool(result.through)
                    if result.message and result.state in ("failed", "lost"):
                        words = " ".join(result.message.split())
                        lost = result.state == "lost"
                        said.append(words if lost else sentence(words, check.hidden))
                elif check.id in row.marks:
                    states["passed" if row.marks[check.id] else "failed"] += 1
            asked.append(
                Asked(check.id, exercise.title, check.hidden, states, mistakes(said), through)
            )
    return asked


def hardest(asked: list[Asked]) -> list[Asked]:
    return sorted(asked, key=lambda a: a.share)


def marked(row: Row, check: str) -> tuple[str, str]:
    """A cell of the table of students by checks: what stands in it, and its kind."""
    result = row.record.checks.get(check)
    state = "open" if row.record.reason else result.state if result else ""
    points = row.points(check)
    if not points and state in ("open", "lost"):
        return {"open": "–", "lost": "!"}[state], state
    whole = result.points if result else points
    star = "*" if result and result.through else ""
    return number(
        points
    ) + star, "passed" if points >= whole > 0 else "part" if points else "failed"


def table(found: list[Row], asked: list[Asked]) -> str:
    """Students by checks as CSV."""
    head = ["student", "name", "points", "of", "hours late", "taken off", "flags", "ungradable"]
    return spreadsheet.table(
        [
            [*head, *(a.id for a in asked)],
            *(
                [r.student, r.name, r.score, r.whole, r.late / 3600, r.penalty,
                 len(r.record.flags), r.record.reason, *(r.points(a.id) for a in asked)]
                for r in found
            ),
        ]
    )  # fmt: skip


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 90:
        return f"{seconds:.1f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"


def figures(found: list[Row]) -> dict[str, Any]:
    """What the page and the summary say of the class as a whole."""
    scores = [row.score for row in found]
    whole = max(row.whole for row in found)
    seconds = [row.record.seconds for row in found]
    return {
        "whole": whole,
        "mean": statistics.mean(scores),
        "median": statistics.median(scores),
        "full": sum(score >= whole > 0 for score in scores),
        "zero": sum(score <= 0 for score in scores),
        "bars": bars(scores, whole),
        "ungradable": [row for row in found if row.record.reason],
        "late": [row for row in found if row.late],
        "flagged": [row for row in found if row.record.flags],
        "failing": [row for row in found if row.record.failed],
        "kinds": Counter(f.kind for row in found for f in row.record.flags).most_common(),
        "seconds": sum(seconds),
        "typical": statistics.median(seconds),
        "slowest": [
            r for r in sorted(found, key=lambda r: -r.record.seconds)[:5] if r.record.seconds
        ],
        "restarts": sum(row.record.restarts for row in found),
        "memory": max(row.record.memory for row in found),
    }


def write(assignment: str, root: Path = ROOT, db_url: str = "") -> Path:
    """Make `reports/ASSIGNMENT.html` and what belongs to it; returns its path."""
    found = rows(assignment, root, db_url)
    asked = checks(assignment, found, root)
    known = nbformat.read(released(assignment, root), as_version=4)
    reports = root / "reports"
    submission.write(found, known, reports / assignment)
    made = templates()
    made.filters["duration"] = duration
    script = (Path(__file__).parent / "templates" / "sort.js").read_text(encoding="utf-8")
    page = made.get_template("report.html").render(
        title=title_of(known, assignment),
        assignment=assignment,
        rows=found,
        asked=asked,
        hardest=hardest(asked),
        marked=marked,
        states=STATES,
        flags_shown=FLAGS,
        alike=alike.write(found, known, reports / f"{assignment}-alike.html"),
        script=Markup(script),
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        **figures(found),
    )
    write_whole(reports / f"{assignment}.csv", table(found, asked))
    path = reports / f"{assignment}.html"
    write_whole(path, page.encode(errors="replace").decode())
    return path


def summary(assignment: str, root: Path = ROOT, db_url: str = "") -> str:
    """How the class did, in at most ten lines for the terminal."""
    found = rows(assignment, root, db_url)
    asked = checks(assignment, found, root)
    of = figures(found)
    top = max(count for _, count in of["bars"])
    columns = "".join("·▁▂▃▄▅▆▇█"[math.ceil(8 * count / top)] for _, count in of["bars"])
    kinds = ", ".join(f"{kind} {count}" for kind, count in of["kinds"])
    common = max((m for a in asked for m in a.mistakes), default=None)
    lines = [
        f"{assignment}: {len(found)} graded, {len(of['ungradable'])} ungradable, {len(of['late'])} late",
        f"marks of {number(of['whole'])}: median {number(of['median'])}, mean {of['mean']:.1f}; "
        f"{of['full']} with all points, {of['zero']} with none",
        f"0 {columns} {number(of['whole'])}",
        *(f"hard: {a.id}, {a.share:.0%} pass" for a in hardest(asked)[:3]),
        f"most frequent mistake ({common[0]} times): {common[1][:90]}" if common else "",
        f"flags: {kinds} ({len(of['flagged'])} students)" if kinds else "flags: none",
        f"submissions with cells that fail: {len(of['failing'])}" if of["failing"] else "",
        f"time: {duration(of['seconds'])} in all, {duration(of['typical'])} typical; "
        f"{of['restarts']} restarts; at most {of['memory'] / 1e9:.1f} GB",
    ]
    return "\n".join(printable(line) for line in lines if line)
