"""Executes the pages that are stale, all at once, before Sphinx reads them.

A page's outputs are kept under the digest of its code and of all that it imports
(`course.book.digest`), in a folder that `jupyter-book clean` leaves alone. A page whose digest
has changed is read again; one whose outputs are not kept is executed first, in parallel with the
others. When Sphinx then reads a page, `read` gives it the notebook with those outputs in place.
"""

import os
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nbformat
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config as SphinxConfig
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from course.book import digest
from course.kernels import sockets

log = logging.getLogger(__name__)
silent = logging.getLogger(f"{__name__}.client").logger
silent.setLevel("ERROR")
INLINE = "module://matplotlib_inline.backend_inline"


class PageFailed(SphinxError):
    """A cell of a page raised an error."""

    category = "A page could not be executed"


def parse(text: str) -> NotebookNode:
    """The notebook that a page's text stands for; plain prose is a notebook of one cell."""
    if is_myst_markdown_notebook(text):
        return read_myst_markdown_notebook(text, add_source_map=True)
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(text)], metadata={"source_map": [0]}
    )


def has_code(notebook: NotebookNode) -> bool:
    return any(cell.cell_type == "code" for cell in notebook.cells)


# The kept outputs


def kept(cache: Path, key: str) -> Path | None:
    """The executed notebook whose digest is `key`, if there is one."""
    return next(cache.glob(f"*.{key}.ipynb"), None)


def keep(cache: Path, page: str, key: str, notebook: NotebookNode) -> None:
    """Keep the outputs of `page`, in place of its older ones."""
    cache.mkdir(parents=True, exist_ok=True)
    name = page.replace("/", "--")
    for old in cache.glob(f"{name}.*.ipynb"):
        old.unlink()
    nbformat.write(notebook, cache / f"{name}.{key}.ipynb")


def read(text: str, cache: str, root: str) -> NotebookNode:
    """The notebook of a page, with its outputs: what Sphinx's parser asks for."""
    notebook = parse(text)
    if not has_code(notebook):
        return notebook
    path = kept(Path(cache), digest(notebook, Path(root)))
    if path is None:
        raise SphinxError("a page was read before it was executed")
    executed = nbformat.read(path, as_version=4)
    notebook.metadata["language_info"] = executed.metadata.language_info
    if "widgets" in executed.metadata:  # what they show without a kernel
        notebook.metadata["widgets"] = executed.metadata.widgets
    outputs = [cell for cell in executed.cells if cell.cell_type == "code"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            done = outputs.pop(0)
            cell.outputs, cell.execution_count = done.outputs, done.execution_count
    return notebook


# Executing


def execute(notebook: NotebookNode, timeout: int) -> float:
    """Run `notebook` in a kernel of its own and an empty folder; returns the seconds it took.

    One thread a page: pages run side by side, and small tensors gain nothing from more. Figures go
    into the page, whatever the shell's MPLBACKEND says.
    """
    env = os.environ | {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MPLBACKEND": INLINE}
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=timeout, config=sockets(folder), log=silent)
        client.execute(cwd=folder, env=env)
    return time.monotonic() - start


def execute_all(pages: dict[str, tuple[str, NotebookNode]], cache: Path, timeout: int) -> None:
    """Execute `pages` (name: digest and notebook), as many at once as there are cores."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    workers = min(len(pages), cores or 1)
    failures = []
    with ThreadPoolExecutor(workers) as pool:
        running = {
            pool.submit(execute, notebook, timeout): page for page, (_, notebook) in pages.items()
        }
        for done, future in enumerate(as_completed(running), 1):
            page = running[future]
            key, notebook = pages[page]
            progress = f"[{done}/{len(pages)}] {page}"
            try:
                seconds = future.result()
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                log.info("executing %s failed", progress)
                failures.append(describe(page, notebook, error))
            except Exception as error:  # no kernel of that name, say: the other pages go on
                log.info("executing %s failed", progress)
                failures.append(f"{page}: {type(error).__name__}: {error}")
            else:
                log.info("executing %s took %.1f s", progress, seconds)
                keep(cache, page, key, notebook)
    if failures:
        raise PageFailed("\n\n".join(failures))


def describe(page: str, notebook: NotebookNode, error: Exception) -> str:
    """Which page, which cell, which line of the page, and what went wrong."""
    started = [i for i, cell in enumerate(notebook.cells) if "execution" in cell.metadata]
    index = started[-1] if started else 0
    cell, line = notebook.cells[index], notebook.metadata["source_map"][index] + 1
    number = sum(c.cell_type == "code" for c in notebook.cells[: index + 1])
    return f"{page}, line {line}, code cell {number}:\n\n{cell.source}\n\n{error}"


# Sphinx's events


def use_reader(app: Sphinx, config: SphinxConfig) -> None:
    """Have Sphinx read `.md` pages through `read`."""
    where = {"cache": str(cache_of(app)), "root": str(Path(app.srcdir).parent)}
    config.nb_custom_formats = {".md": (f"{__name__}.read", where)}


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
) -> Iterable[str]:
    """The pages whose outputs are no longer true, though their text is the same."""
    before = getattr(env, "page_digests", {})
    return [p for p in before if p in env.found_docs and before[p] != page_digest(app, env, p)]


def refresh(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Execute those of the pages about to be read whose outputs are not kept."""
    digests = env.page_digests = getattr(env, "page_digests", {})
    stale = {}
    for page in docnames:
        notebook = page_notebook(env, page)
        if notebook is None:
            continue
        key = digests[page] = digest(notebook, Path(app.srcdir).parent)
        if kept(cache_of(app), key) is None:
            stale[page] = (key, notebook)
    if stale:
        execute_all(stale, cache_of(app), app.config.nb_execution_timeout)


def cache_of(app: Sphinx) -> Path:
    return Path(app.outdir).parent / ".jupyter_cache"


def page_notebook(env: BuildEnvironment, page: str) -> NotebookNode | None:
    """The notebook of a page, or None for one that runs no code here."""
    path = Path(env.doc2path(page))
    notebook = parse(path.read_text(encoding="utf-8")) if path.suffix == ".md" else None
    return notebook if notebook and has_code(notebook) else None


def page_digest(app: Sphinx, env: BuildEnvironment, page: str) -> str | None:
    notebook = page_notebook(env, page)
    return digest(notebook, Path(app.srcdir).parent) if notebook else None


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", use_reader, priority=100)
    app.connect("env-get-outdated", outdated)
    app.connect("env-before-read-docs", refresh)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
