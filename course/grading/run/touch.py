"""What the checks of an answer hang on, so that after a change only what it touches is run again.

All of a submission hangs on its own code, on the limits, on the code that grades (`store`), and on
what the set-up does. The checks of one answer hang, besides, on

- their own text, the hidden part and the seeds included: they are asked one after the other, so that
  they are run again together;
- the modules of `dgm` that hold what they use, what the answer uses, and what the cells use that the
  answer needs; and the modules which these import, all the way down;
- the checks of other answers that this one needs: what is said of it may hang on those.

A comment in a check touches it too. Points touch nothing: they are the gradebook's.
"""

import ast
import functools
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from course.grading.intake.pysource import names, tree
from course.grading.intake.reading import imports
from course.grading.records import Job
from course.paths import ROOT


def hashed(*parts: Any) -> str:
    """A hash of plain data, the same in every process."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def about(cell: dict[str, Any]) -> dict[str, Any]:
    """nbgrader's words on a cell."""
    return cell.get("metadata", {}).get("nbgrader", {})


def code_of(job: Job) -> list[dict[str, Any]]:
    """The code cells of a submission but the checks."""
    cells = [c for c in job.notebook["cells"] if c["cell_type"] == "code"]
    return [c for c in cells if not about(c).get("grade") or about(c).get("solution")]


def groups(job: Job) -> dict[str, list[str]]:
    """The grade ids of the checks that stand together, by the id of the cell that they stand behind."""
    found: dict[str, list[str]] = {}
    here = ""
    for cell in job.notebook["cells"]:
        if about(cell).get("grade"):
            found.setdefault(here, []).append(about(cell)["grade_id"])
        elif cell["cell_type"] == "code":
            here = cell["id"]
    placed = {check for checks in found.values() for check in checks}
    found.setdefault("", []).extend(check for check in job.checks if check not in placed)
    return {here: [c for c in checks if c in job.checks] for here, checks in found.items()}


def keys(job: Job, root: Path = ROOT) -> dict[str, str]:
    """For each check what changes with all that it hangs on, besides what all of the submission does."""
    together = groups(job)
    cells, own = {}, {}
    for here, checks, needs, wanted in _read(job, together):
        said = [(check, job.checks[check], check in job.hidden) for check in checks]
        cells[here], own[here] = needs, [here, said, of_dgm(wanted, root)]
    found = {}
    for here, checks in together.items():
        others = [own[o] for o in sorted(together) if o != here and o in cells[here]]
        found |= dict.fromkeys(checks, hashed(own[here], others))
    return found


def below(job: Job) -> dict[str, list[str]]:
    """For each check those of the answers that its own answer builds on."""
    together = groups(job)
    found = {}
    for here, checks, needs, _ in _read(job, together):
        others = [c for o in together if o != here and o in needs for c in together[o]]
        found |= dict.fromkeys(checks, others)
    return found


def _read(
    job: Job, together: dict[str, list[str]]
) -> Iterator[tuple[str, list[str], set[str], frozenset[str]]]:
    """For each group: where it stands, its checks, the cells that it needs, what it uses of dgm."""
    sources = {cell["id"]: cell["source"] for cell in code_of(job)}
    makers: dict[str, list[str]] = {}
    stands: dict[str, set[str]] = {}  # what an imported name may stand for
    for cell, source in sources.items():
        for name in _facts(source).bound:
            makers.setdefault(name, []).append(cell)
        for name, full in _facts(source).imports.items():
            stands.setdefault(name, set()).add(full)
    for here, checks in together.items():
        texts = [job.checks[check] for check in checks]
        cells = _needed(sources, makers, [here], texts)
        read = [_facts(text) for text in (*(sources[c] for c in cells), *texts)]
        used = set(stands.get("*", ())).union(*(facts.inside for facts in read))
        used = used.union(*(stands.get(name, ()) for facts in read for name in facts.mentioned))
        yield here, checks, cells, frozenset(n for n in used if n.split(".")[0] == "dgm")


def _needed(
    sources: dict[str, str], makers: dict[str, list[str]], cells: list[str], texts: list[str]
) -> set[str]:
    """These cells and all that set a name which they, the texts or these in their turn use."""
    found: set[str] = set()
    todo = cells + [c for text in texts for name in _facts(text).used for c in makers.get(name, ())]
    while todo:
        here = todo.pop()
        if here in sources and here not in found:
            found.add(here)
            todo += [c for name in _facts(sources[here]).used for c in makers.get(name, ())]
    return found


class _Facts(NamedTuple):
    """What is asked of a text, found once."""

    bound: frozenset[str]  # names that it sets
    used: frozenset[str]  # names that it wants from others
    mentioned: frozenset[str]  # all names in it, those that it imports only where it uses them
    imports: dict[str, str]  # names -> what they stand for
    inside: frozenset[str]  # what is imported without a name that others see


@functools.lru_cache(maxsize=512)
def _facts(source: str) -> _Facts:
    found, about = tree(source), names(source)
    if found is None:  # whatever it says of dgm
        said = frozenset(re.findall(r"\bdgm[.\w]*", source))
        return _Facts(about.bound, about.used, frozenset(), {}, said)
    whole = {a.name for n in ast.walk(found) if isinstance(n, ast.Import) for a in n.names}
    known = imports(found)  # of `import a.b` it has a alone
    inside = {full for name, full in known.items() if name not in about.bound} | whole
    mentioned = frozenset(n.id for n in ast.walk(found) if isinstance(n, ast.Name))
    return _Facts(about.bound, about.used, mentioned, known, frozenset(inside))


@functools.lru_cache(maxsize=256)
def of_dgm(wanted: frozenset[str], root: Path = ROOT) -> str:
    """A hash of the modules of `dgm` in which these definitions lie, and of all that they import."""
    known = _modules(root)
    todo, seen = [_module(name, known) for name in wanted], set()
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += [_module(name, known) for name in known[here][1]]
    return hashed([(name, known[name][0]) for name in sorted(seen)])


@functools.cache
def used_of_dgm(path: Path) -> frozenset[str]:
    """The names in dgm that the file at `path` imports."""
    named = _named(ast.parse(path.read_text(encoding="utf-8")), "", package=False)
    return frozenset(name for name in named if name.split(".")[0] == "dgm")


def _module(name: str, known: dict[str, Any]) -> str:
    """The module that `name` is, or lies in."""
    while name not in known:
        name = name.rpartition(".")[0]
    return name


@functools.cache
def _modules(root: Path) -> dict[str, tuple[str, list[str]]]:
    """Of each module of dgm a hash of its text, and the names in dgm that it imports, wherever."""
    found = {"": ("", [])}
    for path in sorted(root.glob("dgm/**/*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text(encoding="utf-8")
        above = [".".join(name.split(".")[:n]) for n in range(1, name.count(".") + 1)]
        inner = [*above, *_named(ast.parse(text), name, path.name == "__init__.py")]
        found[name] = (hashed(text), [n for n in inner if n.split(".")[0] == "dgm"])
    return found


def _named(module: ast.Module, name: str, package: bool) -> Iterable[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = name.split(".")
            above = parts[: len(parts) - node.level + package] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
