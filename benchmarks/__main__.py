"""This course beside its peers: one run, one table.

    make benchmark                          # every row; writes the book's figures
    python benchmarks --only vae gan        # these rows; writes nothing
    python benchmarks --only ddpm --write   # one row anew; the others stay as they are
    python benchmarks --quick               # tiny sizes: does each row run?

The sides take turns, so that what else the machine does touches both; models run on one thread and
are timed by the processor's clock, the book and grading by the wall's. A ratio is our time over the
other's, the median of the pairs': below 1, ours is faster. Behind it stands its 95 % interval (of
fewer than 6 pairs, the smallest and the largest), and where the middle half of the ratios lies. We
lead where the whole interval is below 1.
A peer that is not installed is named with the command that installs it. A row that fails is named
too, and the others are measured; then the command's status is 1. Each row of the file keeps the
date, machine and versions it was measured with, so that one may be measured again alone.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from pairs import Pairs
from rows import ROWS, Missing, Result, Row
from threadpoolctl import threadpool_limits

from course.paths import write_whole

FIGURES = Path(__file__).resolve().parent.parent / "book" / "data" / "benchmark.json"
Figures = dict[str, list[dict[str, Any]]]
EMPTY: Figures = {"rows": [], "missing": [], "failed": []}


def verdict(pairs: Pairs, itself: bool) -> str:
    """Whether we lead, and by how much: told from the figures as they are shown."""
    ratio, low, high = (digits(v, 3) for v in (pairs.ratio(), *pairs.interval()))
    by = f"{1 / ratio:.3g} times as fast" if ratio < 1 else f"{ratio:.3g} times as long"
    if itself:
        return by
    once = " (measured once)" if len(pairs.ours) == 1 else ""
    if high < 1:
        return f"we lead: {by}{once}"
    return f"we are behind: {by}{once}" if low > 1 else "no difference seen"


def machine() -> str:
    """Cores, model, memory, system."""
    model, memory = platform.machine(), ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((x.split(":")[1].strip() for x in lines if x.startswith("model name")), model)
        pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = f", {pages / 2**30:.0f} GiB"
    return f"{os.cpu_count()} cores, {model}{memory}, {platform.system()}"


def as_row(row: Row, result: Result, quick: bool) -> dict[str, Any]:
    """A result as it is stored."""
    pairs = result.pairs
    packages = ("torch", "numpy", *result.packages)
    return {
        "row": row.name,
        "what": result.what,
        "peer": result.peer,
        "itself": result.itself,
        "ours_ms": digits(1e3 * statistics.median(pairs.ours)),
        "theirs_ms": digits(1e3 * statistics.median(pairs.theirs)),
        "ratio": digits(pairs.ratio(), 3),
        "interval": [digits(v, 3) for v in pairs.interval()],
        "middle_half": [digits(v, 3) for v in pairs.middle_half()],
        "repeats": len(pairs.ours),
        "says": verdict(pairs, result.itself),
        "note": result.note,
        "quick": quick,
        "command": f"python benchmarks --only {row.name} --write" + " --quick" * quick,
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in packages},
    }


def digits(value: float, count: int = 4) -> float:
    return float(f"{value:.{count}g}")


def measure(row: Row, quick: bool) -> Figures:
    """A row's results, its missing peers, and its failure if there was one."""
    found: Figures = {"rows": [], "missing": [], "failed": []}
    today = {"row": row.name, "date": time.strftime("%Y-%m-%d")}
    try:
        for item in row.measure(quick):
            if isinstance(item, Missing):
                about = {"peer": item.peer, "reason": item.reason, "install": item.install}
                found["missing"].append(today | about)
            else:
                found["rows"].append(as_row(row, item, quick))
    except (Exception, SystemExit) as error:  # one row must not cost the others
        traceback.print_exc()
        why = str(error).strip() or type(error).__name__
        found["failed"].append(today | {"reason": f"{type(error).__name__}: {why}"[:300]})
    return found


def merged(old: Figures, row: Row, new: Figures, order: Sequence[Row]) -> Figures:
    """`old` with this row measured anew; what could not be measured now keeps its older figures."""
    names = [r.name for r in order]
    measured = {(r["what"], r["peer"]) for r in new["rows"]}
    whole = not new["missing"] and not new["failed"]

    def stays(r: dict[str, Any]) -> bool:
        return r["row"] != row.name or not (whole or (r["what"], r["peer"]) in measured)

    rows = [*filter(stays, old["rows"]), *new["rows"]]
    rows = [r for r in rows if r["row"] in names]
    rest = {
        key: [*(r for r in old[key] if r["row"] != row.name), *new[key]]
        for key in ("missing", "failed")
    }
    return {"rows": sorted(rows, key=lambda r: names.index(r["row"])), **rest}


def gaps(figures: Figures, order: Sequence[Row]) -> list[str]:
    """What no run has measured yet."""
    seen = {r["row"] for key in EMPTY for r in figures[key]}
    return [row.says for row in order if row.name not in seen]


def table(figures: Figures) -> str:
    """In lines: the rows, then what is missing and what failed."""
    head = ("", "ours, ms", "other, ms", "ratio", "interval", "middle half", "", "beside")
    cells = [head] + [
        (
            r["what"], f"{r['ours_ms']:,}", f"{r['theirs_ms']:,}", f"{r['ratio']}",
            *("{} to {}".format(*r[key]) for key in ("interval", "middle_half")),
            r["says"], r["peer"],
        )
        for r in figures["rows"]
    ]  # fmt: skip
    wide = [max(len(line[i]) for line in cells) for i in range(len(head))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(line, wide, strict=True)) for line in cells]
    for r in figures["missing"]:
        lines.append(f"{r['row']}: without {r['peer']} ({r['reason']}); to have it: {r['install']}")
    lines += [f"{r['row']}: FAILED: {r['reason']}" for r in figures["failed"]]
    return "\n".join(line.rstrip() for line in lines)


def parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {r.name:14} {r.says} (about {r.minutes} min)" for r in ROWS)
    made = argparse.ArgumentParser(
        prog="python benchmarks",
        description=__doc__,
        epilog=f"rows, with minutes on two idle cores:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [r.name for r in ROWS]
    made.add_argument("--only", nargs="+", metavar="ROW", choices=names, default=names)
    made.add_argument("--quick", action="store_true", help="tiny sizes; the figures mean nothing")
    made.add_argument("--write", action="store_true", help=f"put the rows into {FIGURES.name}")
    made.add_argument("--out", type=Path, default=FIGURES, help="another file for --write")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    options = parser().parse_args(argv)
    if options.write and options.quick and options.out == FIGURES:
        parser().error("--quick figures mean nothing: give --write another file with --out")
    torch.set_num_threads(1)
    figures = (
        json.loads(options.out.read_text(encoding="utf-8")) if options.out.is_file() else EMPTY
    )
    shown = EMPTY
    with threadpool_limits(1):
        for row in ROWS:
            if row.name not in options.only:
                continue
            print(f"{row.name}: {row.says}, about {row.minutes} min", flush=True)
            new = measure(row, options.quick)
            figures, shown = (merged(f, row, new, ROWS) for f in (figures, shown))
            if options.write:  # after each row, so that a run cut short keeps what it has
                whole = figures | {"not_yet": gaps(figures, ROWS)}
                write_whole(options.out, json.dumps(whole, indent=1) + "\n")
    print(f"\n{table(shown)}\n{machine()}; torch {torch.__version__.split('+')[0]}, one thread")
    return 1 if shown["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
