"""How long the book takes: from nothing, with nothing changed, with one chapter changed.

    python benchmarks/book_build.py           # ours: as long as a cold build, and a little
    python benchmarks/book_build.py --peer    # and jupyter-book alone, which is slower
    python benchmarks/book_build.py --quick   # of three pages without chapters

Each side builds a copy of the tracked files in a folder of its own. The peer is the same book with
jupyter-book's own execution and its own cache (`execute_notebooks: cache`) in place of our extension.
"Changed" is a new comment in a code cell of the chapter in the middle, so that both run it again.
"""

import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import yaml
from pairs import Pairs

from course.book import JUPYTER_BOOK
from course.paths import ROOT

Times = dict[str, Pairs]
SMALL = {"format": "jb-book", "root": "index", "chapters": [{"file": "instructors"}]}


def copy_book(root: Path, quick: bool) -> None:
    """The tracked files, without outputs; with `quick`, a table of contents of few pages."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in listed.stdout.decode().strip("\0").split("\0"):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes((ROOT / name).read_bytes())
    if quick:
        (root / "book" / "_toc.yml").write_text(yaml.safe_dump(SMALL), encoding="utf-8")


def leave_to_jupyter_book(root: Path) -> None:
    """Let jupyter-book execute the pages itself."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    config["execute"]["execute_notebooks"] = "cache"
    del config["sphinx"]["local_extensions"]["executed_pages"]
    (root / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")


def build(root: Path) -> float:
    """Seconds of a build."""
    env = os.environ | {"PYTHONPATH": str(root), "NO_COLOR": "1"}
    env.pop("OMP_NUM_THREADS", None)  # each side as it comes
    start = time.perf_counter()
    done = subprocess.run(
        [JUPYTER_BOOK, "build", "book"], cwd=root, env=env, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the book was not built:\n{done.stdout[-1500:]}")
    return time.perf_counter() - start


def middle_page(root: Path) -> Path:
    """The chapter in the middle of those that the table of contents lists."""
    contents = yaml.safe_load((root / "book" / "_toc.yml").read_text(encoding="utf-8"))
    listed = contents.get("chapters") or contents["parts"][0]["chapters"]
    return root / "book" / f"{listed[len(listed) // 2]['file']}.md"


def change(page: Path, text: str) -> None:
    """A comment at the end of the first code cell."""
    cell = r"(^```\{code-cell\}.*?\n)(```$)"
    changed, count = re.subn(
        cell, rf"\1# {text}\n\2", page.read_text(encoding="utf-8"), count=1, flags=re.M | re.S
    )
    if not count:
        raise SystemExit(f"{page.name} has no code cell that could change")
    page.write_text(changed, encoding="utf-8")


def measure(peer: bool = False, quick: bool = False, repeats: int = 3) -> Times:
    """Cold once, the others `repeats` times; the sides, if there are two, take turns."""
    found = {"cold": Pairs(), "unchanged": Pairs(), "changed": Pairs()}
    with tempfile.TemporaryDirectory(prefix="book-") as top:
        roots = [Path(top) / name for name in ("ours", "theirs")[: 1 + peer]]
        for root in roots:
            root.mkdir()
            copy_book(root, quick)
        if peer:
            leave_to_jupyter_book(roots[1])
        for i, kind in enumerate(["cold", *["unchanged", "changed"] * repeats]):
            for k, root in enumerate(roots):
                if kind == "changed":
                    change(middle_page(root), f"changed for the {i}th build")
                times = found[kind].theirs if k else found[kind].ours
                times.append(build(root))
                print(f"  {kind}, {root.name}: {times[-1]:.1f} s", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    for kind, pairs in measure(options.peer, options.quick, options.repeats).items():
        text = f"{kind:10} {statistics.median(pairs.ours):7.1f} s"
        if pairs.theirs:
            text += f"   jupyter-book alone {statistics.median(pairs.theirs):7.1f} s"
            text += f"   ratio {pairs.ratio():.2f}"
        print(text)


if __name__ == "__main__":
    main()
