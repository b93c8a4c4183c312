"""The class report: one page on how an assignment went, made from what grading left behind.

`write` makes `reports/ASSIGNMENT.html`; `summary` says the same in ten lines. Both read the
autograded notebooks and the gradebook, and change neither.
"""

import math
import re
import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from course.grading.review.feedback import number, printable, templates
from course.grading.review.marks import Row, rows
from course.grading.review.outline import outline, title_of
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
    """Each check with how the class did on it, the hardest first; ungradable ones do not count."""
    asked = []
    for exercise in outline(nbformat.read(released(assignment, root), as_version=4)):
        for check in exercise.checks:
            states: Counter[str] = Counter()
            said = []
            for row in found:
                result = row.record.checks.get(check.id)
                if row.record.reason:
                    continue
                if result:
                    states[result.state] += 1
                    if result.message and result.state in ("failed", "lost"):
                        said.append(" ".join(result.message.split()))
                elif check.id in row.marks:
                    states["passed" if row.marks[check.id] else "failed"] += 1
            asked.append(Asked(check.id, exercise.title, check.hidden, states, mistakes(said)))
    return sorted(asked, key=lambda a: a.share)


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
    """Make `reports/ASSIGNMENT.html` and return its path."""
    found = rows(assignment, root, db_url)
    asked = checks(assignment, found, root)
    made = templates()
    made.filters["duration"] = duration
    page = made.get_template("report.html").render(
        title=title_of(nbformat.read(released(assignment, root), as_version=4), assignment),
        rows=found,
        asked=asked,
        states=STATES,
        flags_shown=FLAGS,
        **figures(found),
    )
    path = root / "reports" / f"{assignment}.html"
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
        *(f"hard: {a.id}, {a.share:.0%} pass" for a in asked[:3]),
        f"most frequent mistake ({common[0]} times): {common[1][:90]}" if common else "",
        f"flags: {kinds} ({len(of['flagged'])} students)" if kinds else "flags: none",
        f"time: {duration(of['seconds'])} in all, {duration(of['typical'])} typical; "
        f"{of['restarts']} restarts; at most {of['memory'] / 1e9:.1f} GB",
    ]
    return "\n".join(printable(line) for line in lines if line)
