"""Files that are not what they should be: recorded with a reason, and the batch goes on."""

import json
import os
from collections.abc import Callable

from hostile.case import ALL, case, write_notebook

BROKEN = "a broken JSON file"
LINKS = "links and paths out of the folder"
TIME = "forged time stamps"
UNGRADABLE = ("ungradable",)


def ungradable(id: str, item: str, says: str, write: Callable, **more) -> None:
    case(id, item, says, loses=ALL, write=write, flags=UNGRADABLE, **more)


def raw(make: Callable) -> Callable:
    """Write the bytes that `make` gives for the notebook's text."""
    return lambda path, notebook, world: path.write_bytes(make(json.dumps(notebook).encode()))


def sparse(path, notebook, world):
    write_notebook(path, notebook)
    os.truncate(path, 2 * 2**30)


def linked_to(target: str) -> Callable:
    def write(path, notebook, world):
        path.symlink_to(str(world.root / target) if target[0] != "/" else target)

    return write


def folder_link(path, notebook, world):
    path.parent.rmdir()
    path.parent.symlink_to(world.root / "submitted" / "zed" / path.parent.name)


def links_beside(path, notebook, world):
    write_notebook(path, notebook)
    for name, target in {
        "passwd": "/etc/passwd",
        "all": "/",
        "loop": ".",
        "zed.ipynb": world.root / "submitted" / "zed" / path.parent.name / path.name,
        f"out-{world.mark('links-beside')}.txt": world.outside / "canary.txt",
    }.items():
        (path.parent / name).symlink_to(target)


def strange_names(path, notebook, world):
    write_notebook(path, notebook)
    for name in ("-rf", "a\nb.txt", "$(id).txt", "ü" * 80, ".hidden"):
        (path.parent / name).write_text("x")


def malformed(**fields) -> Callable:
    return lambda path, notebook, world: path.write_text(json.dumps(notebook | fields))


def nothing(path, notebook, world):
    (path.parent / "my answers.txt").write_text("see the photo\n")


def stamped(text: str) -> Callable:
    def write(path, notebook, world):
        write_notebook(path, notebook)
        (path.parent / "timestamp.txt").write_text(text)

    return write


ungradable("half-a-file", BROKEN, "The file ends in the middle.", raw(lambda b: b[: len(b) // 2]))
ungradable("empty-file", BROKEN, "The file is empty.", raw(lambda b: b""))
ungradable("a-list", BROKEN, "The file holds a list of numbers.", raw(lambda b: b"[1, 2]"))
ungradable(
    "deep-json", BROKEN, "A hundred thousand opening brackets.", raw(lambda b: b"[" * 100_000)
)
ungradable(
    "not-text",
    BROKEN,
    "The file is a picture.",
    raw(lambda b: b"\x89PNG\r\n\x1a\n" + b"\0\xff" * 999),
)
ungradable(
    "two-bytes",
    BROKEN,
    "The file is written in UTF-16.",
    raw(lambda b: b.decode().encode("utf-16")),
)
ungradable("cells-no-list", BROKEN, "What should be cells is a number.", malformed(cells=7))
case(
    "cells-of-nothing",
    BROKEN,
    "Cells without type, text and metadata.",
    loses=ALL,
    write=malformed(cells=[{}, None, {"cell_type": "code", "source": 7}]),
)
ungradable("two-gigabytes", "a 2 GB notebook", "The file is 2 GB long.", sparse)
ungradable("no-notebook", BROKEN, "There is no notebook, only a text.", nothing)
ungradable("a-folder", BROKEN, "A folder has the notebook's name.", lambda p, n, w: p.mkdir())
ungradable("a-pipe", LINKS, "A pipe that nobody writes to has the notebook's name.",
           lambda p, n, w: os.mkfifo(p))  # fmt: skip
ungradable("link-to-another", LINKS, "The notebook is a link to another student's.",
           linked_to("submitted/zed/01-discriminative-generative/01-discriminative-generative.ipynb"))  # fmt: skip
ungradable("link-to-nowhere", LINKS, "The notebook is a link to nothing.", linked_to("nowhere"))
ungradable("link-to-zeros", LINKS, "The notebook is a link to endless zeros.", linked_to("/dev/zero"),
           plain="would read without end")  # fmt: skip
ungradable("link-to-solution", LINKS, "The notebook is a link to the solution.",
           linked_to("solutions/01-discriminative-generative/01-discriminative-generative.ipynb"))  # fmt: skip
ungradable("folder-link", LINKS, "The folder is a link to another student's.", folder_link)
case("links-beside", LINKS, "Links to the whole disk lie beside right answers.", write=links_beside,
     flags=("links",))  # fmt: skip
case(
    "strange-names", LINKS, "Files with names that shells and pages trip over.", write=strange_names
)
case("time-forged", TIME, "timestamp.txt says the year 1999.",
     write=stamped("1999-01-01 00:00:00 UTC\n"), received="1999", flags=("time",))  # fmt: skip
case("time-nonsense", TIME, "timestamp.txt says that the dog ate it.",
     write=stamped("the dog ate it\n"), flags=("time",))  # fmt: skip
