"""Both fuzzers at any length: damaged notebooks read and rebuilt, forged messages heard.

    python tests/grading/fuzz.py --notebooks 10000 --messages 100000 --seed 1

Each batch has a seed of its own, made of `--seed` and its number, and a fresh hypothesis: what the
process holds more at the end than at a fifth of the way is the course's, and must be little.
"""

import argparse
import ast
import gc
import json
import os
import re
import resource
import secrets
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

from damage import DAMAGES, RELEASED, RIGHT, about, expect_sound  # noqa: E402
from test_forged import MESSAGES, tried  # noqa: E402
from wreck import OF_BYTES, OF_DATA, cells_of, has_cells, wrecked  # noqa: E402

from course.grading.intake import suspicion  # noqa: E402
from course.grading.intake.pieces import normal  # noqa: E402
from course.grading.intake.pysource import names, tree  # noqa: E402
from course.grading.intake.rebuild import rebuild  # noqa: E402
from course.grading.intake.receive import receive  # noqa: E402

FUZZ = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
BATCH = 250
MOST_GROWTH = 60 * 2**20  # bytes that a run may hold more at its end
WHICH = st.integers(0, 2**32)
OF_A_FILE = st.tuples(
    st.sampled_from(sorted(RELEASED)),
    st.integers(0, len(DAMAGES) - 1),
    st.lists(st.tuples(st.integers(0, len(OF_DATA) - 1), WHICH), max_size=4),
    st.one_of(
        st.just([]), st.lists(st.tuples(st.integers(0, len(OF_BYTES) - 1), WHICH), max_size=2)
    ),
)


class Unreadable(Exception):
    """No program could read the file; the course must say so."""


def expected(raw: bytes, name: str) -> tuple[dict[str, str], set[str], bool]:
    """Which answers of `name` stand whole in a file; which have other versions; whether a key stands twice."""
    repeated = []

    def pairs(found):
        data = {}
        for key, value in found:
            if key in data:
                repeated.append(key)
            if key not in data or value not in (None, "", [], {}):
                data[key] = value
        return data

    try:
        text = raw.decode(json.detect_encoding(raw), "replace")
        data = json.loads(text.removeprefix("\ufeff"), strict=False, parse_int=float, object_pairs_hook=pairs)  # fmt: skip
    except (ValueError, RecursionError) as problem:
        raise Unreadable from problem
    if not isinstance(data, dict) or not has_cells(data) or len(cells_of(data)) > 1000:
        raise Unreadable
    if isinstance(data.get("nbformat"), float) and data["nbformat"] >= 5:
        raise Unreadable
    texts, whole, several = [], {}, set()
    for cell in cells_of(data):
        said = next((cell[k] for k in ("source", "input", "code", "text") if isinstance(cell.get(k), str | list)), "")  # fmt: skip
        said = "".join(s for s in said if isinstance(s, str))
        texts.append(normal(said.replace("\0", "").encode("utf-8", "replace").decode()))
    for answer, right in RIGHT[name].items():
        wanted = normal(right[0])
        hole = normal(next(c.source for c in RELEASED[name].cells if about(c) == answer))
        asked = names(hole).defs
        head = re.compile(rf"\b({'|'.join(map(re.escape, asked))})\b")
        if wanted in texts:
            whole[answer] = right[0]
        if any(
            t not in (wanted, hole) and head.search(t) and names(t).bound & asked for t in texts
        ):
            several.add(answer)
    return whole, several, bool(repeated)


def kept(name: str, raw: bytes, folder: Path) -> None:
    """Receive and rebuild such a file: it is refused with a reason, or each whole answer is kept."""
    (folder / f"{name}.ipynb").write_bytes(raw)
    came = receive(folder, name)
    try:
        whole, several, repeated = expected(raw, name)
    except Unreadable:
        assert came.reason, "nobody could read it, and it was taken"
        assert len(came.reason) < 500
        return
    assert not came.reason
    result, flags = rebuild(nbformat.reads(came.text, as_version=4), RELEASED[name])
    expect_sound(result, name)
    flags += suspicion.scan(result, whole)
    json.dumps([result, [f.text for f in flags]], ensure_ascii=False).encode()
    held = {c.id: normal(c.source) for c in result.cells}
    doubtful = {f.answer for f in flags if f.kind == "two versions"}
    told = {f.kind for f in came.flags}
    for answer, right in whole.items():
        if normal(right) not in held[answer] and not statements(right) <= statements(held[answer]):
            assert answer in several, f"{answer} is lost"
            assert answer in doubtful, f"{answer} has another version, and nobody is told"
    assert not repeated or "repeated key" in told


def statements(source: str) -> set[str]:
    """What it says, comments and layout aside; a text that is no Python says nothing."""
    found = tree(source)
    return {ast.dump(s) for s in found.body} if found else set()


def notebooks(count: int, first: int, folder: Path) -> int:
    """Try about `count` damaged notebooks; how many it were."""
    made = 0

    @seed(first)
    @settings(max_examples=count, **FUZZ)
    @given(OF_A_FILE)
    def fuzz(drawn):
        nonlocal made
        made += 1
        kept(drawn[0], wrecked(*drawn), folder)

    fuzz()
    return made


def messages(count: int, first: int) -> int:
    """Let judges hear at least `count` messages, most of them forged; how many it were."""
    made = 0

    @seed(first)
    @settings(max_examples=count // 5, **FUZZ)
    @given(st.lists(MESSAGES, min_size=5, max_size=8))
    def fuzz(drawn):
        nonlocal made
        made += len(drawn)
        tried(drawn)

    fuzz()
    return made


def held() -> int:
    """Bytes that this process holds in memory now."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def long(what: str, count: int, first: int, batch: int, attempt) -> None:
    """Run `attempt(size, seed)` until `count` are made; raises where memory grows."""
    begun, made, sizes = time.perf_counter(), 0, []
    while made < count:
        before, made = made, made + attempt(min(batch, count - made), first * 100_000 + len(sizes))
        sizes.append(held())
        if 10 * made // count > 10 * before // count:
            print(f"{made} {what}, {sizes[-1] / 2**20:.0f} MB", file=sys.stderr, flush=True)
    early = sizes[len(sizes) // 5]
    seconds, peak = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{made} {what}, seed {first}: {seconds:.0f} s, peak {peak / 2**10:.0f} MB, "
        f"{(sizes[-1] - early) / 2**20:+.0f} MB since a fifth of the way",
        flush=True,
    )
    assert sizes[-1] - early < MOST_GROWTH, f"{what} leave something behind"


def main(notebook_count: int, message_count: int, first: int) -> None:
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top) / "submitted" / "ada" / "x"
        folder.mkdir(parents=True)
        if notebook_count:
            long("damaged notebooks", notebook_count, first, BATCH,
                 lambda n, s: notebooks(n, s, folder))  # fmt: skip
    if message_count:
        long("forged messages", message_count, first, 20 * BATCH, messages)


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--notebooks", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    asked = parser.parse_args()
    main(asked.notebooks, asked.messages, asked.seed)
