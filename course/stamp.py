"""The stamp in a notebook that tells what the course wrote from somebody's work.

A notebook that the course writes carries in its metadata a hash of its own cells. As long as the
cells are as they were written and show no outputs, nobody has worked in the notebook, and it may be
replaced. In every other case it is somebody's work. The stamp needs no git, no list of releases
and no time stamps, and it travels with a copy: so a copy knows which release it was begun from.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

KEY = "dgm_release"


def cells_hash(notebook: NotebookNode) -> str:
    """A hash of what the cells hold, their outputs left out."""
    held = [
        [c.cell_type, c.get("id"), c.source, c.get("attachments"), c.metadata.get("nbgrader")]
        for c in notebook.cells
    ]
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


def stamp(notebook: NotebookNode) -> NotebookNode:
    """Stamp `notebook` as just written, and return it."""
    notebook.metadata[KEY] = cells_hash(notebook)
    return notebook


def stamp_release(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """The same as the last of nbgrader's preprocessors when it makes a release."""
    return stamp(notebook), resources


def release_of(notebook: NotebookNode) -> str:
    """The release that `notebook` is, or was begun from; empty where it says nothing."""
    return str(notebook.metadata.get(KEY, ""))


def untouched(notebook: NotebookNode) -> bool:
    """Whether nobody has changed a cell, or run one, since the course wrote `notebook`."""
    as_written = release_of(notebook) == cells_hash(notebook)
    return as_written and not any(cell.get("outputs") for cell in notebook.cells)


def worked_in(path: Path) -> bool:
    """Whether somebody's work lies at `path`: what is not a notebook as the course wrote it."""
    if not os.path.lexists(path):  # a link that leads nowhere is somebody's, too
        return False
    there = read(path)
    return there is None or not untouched(there)


def read(path: Path) -> NotebookNode | None:
    """The notebook at `path`; None where there is none that can be read."""
    try:
        notebook = nbformat.read(path, as_version=4)
        cells_hash(notebook)
    except Exception:  # whatever a damaged file makes of the reader
        return None
    return notebook
