"""The stamp in a notebook that tells an untouched release from somebody's work.

A release carries in its metadata a hash of its own cells. As long as the cells are as they were
written and show no outputs, nobody has worked in the notebook, and it may be replaced. In every
other case it is somebody's work. The stamp needs no git, no list of releases and no time stamps,
and it travels with a copy: so a copy knows which release it was begun from.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

KEY = "dgm_release"


def cells_hash(notebook: NotebookNode) -> str:
    """A hash of what the cells hold, their outputs left out."""
    held = [[c.cell_type, c.get("id"), c.source, c.get("attachments")] for c in notebook.cells]
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


def stamp(notebook: NotebookNode, release: str = "") -> NotebookNode:
    """Stamp `notebook` as just written: as a release, or as made from the one called `release`."""
    written = cells_hash(notebook)
    notebook.metadata[KEY] = {"release": release or written, "written": written}
    return notebook


def stamp_release(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """The same as the last of nbgrader's preprocessors when it makes a release."""
    return stamp(notebook), resources


def release_of(notebook: NotebookNode) -> str:
    """The release that `notebook` is, or was begun from; empty where it says nothing."""
    found = notebook.metadata.get(KEY)
    return str(found.get("release", "")) if isinstance(found, dict) else ""


def untouched(notebook: NotebookNode) -> bool:
    """Whether nobody has changed or run a cell since the course wrote `notebook`."""
    found = notebook.metadata.get(KEY)
    if not isinstance(found, dict) or found.get("written") != cells_hash(notebook):
        return False
    return not any(cell.get("outputs") for cell in notebook.cells)


def worked_in(path: Path) -> bool:
    """Whether somebody's work lies at `path`: a notebook that is not as the course wrote it."""
    there = read(path)
    return path.exists() and (there is None or not untouched(there))


def read(path: Path) -> NotebookNode | None:
    """The notebook at `path`; None where there is none that can be read."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception:  # whatever a damaged file makes of the reader: it is somebody's
        return None
