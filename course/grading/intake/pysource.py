"""Looks at a student's Python without running it: which names it defines, and which it needs."""

import ast
import functools
import re
import symtable
import warnings
from dataclasses import dataclass

from course.definitions import extent

LONGEST = 200_000  # characters of a cell; a longer one is not looked at
MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.M)
HEAD = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.M)
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Names:
    """The names of a cell, as far as they concern other cells."""

    defs: frozenset[str] = frozenset()  # functions and classes that it defines
    bound: frozenset[str] = frozenset()  # all global names that it sets, these included
    needed: frozenset[str] = frozenset()  # global names that it uses and does not set
    reused: frozenset[str] = frozenset()  # names that it sets and uses outside of functions

    @property
    def used(self) -> frozenset[str]:
        """What it may want from cells before it."""
        return self.needed | self.reused


def plain(source: str) -> str:
    """`source` with IPython's magic lines taken out, line for line."""
    return MAGIC.sub(r"\1pass", source)


@functools.lru_cache(maxsize=64)  # the released cells stay from one submission to the next
def tree(source: str) -> ast.Module | None:
    """The syntax tree, magic lines left out; None where it is no Python, or too long."""
    if len(source) > LONGEST:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(plain(source))
        except UNREADABLE:
            return None


@functools.lru_cache(maxsize=256)
def names(source: str) -> Names:
    """What `source` defines and needs; by a rough look at its text where it is no Python."""
    try:
        if tree(source) is None:
            raise SyntaxError
        table = symtable.symtable(plain(source), "cell", "exec")
    except UNREADABLE:
        defs = frozenset(HEAD.findall(source[:LONGEST]))
        return Names(defs, defs, frozenset(re.findall(r"\b[^\W\d]\w*", source[:LONGEST])) - defs)
    top = table.get_symbols()
    bound = {s.get_name() for s in top if s.is_assigned() or s.is_imported() or s.is_namespace()}
    used, tables = {s.get_name() for s in top if s.is_referenced()}, list(table.get_children())
    reused = frozenset(bound & used)
    while tables:
        scope = tables.pop()
        tables += scope.get_children()
        symbols = [s for s in scope.get_symbols() if s.is_global()]
        used |= {s.get_name() for s in symbols if s.is_referenced()}
        bound |= {s.get_name() for s in symbols if s.is_declared_global() and s.is_assigned()}
    own = frozenset(s.get_name() for s in top if s.is_namespace())
    return Names(own, frozenset(bound), frozenset(used - bound), reused)


def needed(sources: dict[str, str], last: str) -> set[str]:
    """Of some cells, given by their ids, `last` and those that it needs: they set names that it uses."""
    makers: dict[str, list[str]] = {}
    for cell, source in sources.items():
        for name in names(source).bound:
            makers.setdefault(name, []).append(cell)
    found: set[str] = set()
    todo = [last]
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo += [c for name in names(sources.get(here, "")).used for c in makers.get(name, ())]
    return found


def added(source: str, released: str) -> list[str]:
    """The statements of `source` that `released` does not have; all of it where it is no Python."""
    ours, theirs = tree(released), tree(source)
    if ours is None or theirs is None:
        return [source]
    try:
        known = {ast.dump(s) for s in ours.body} | {ast.dump(ast.Pass())}
        return [ast.unparse(s) for s in theirs.body if ast.dump(s) not in known]
    except UNREADABLE:
        return [source]


def without(source: str, unwanted: frozenset[str]) -> str:
    """`source` less the functions and classes called so; empty where nothing else is in it."""
    found = tree(source)
    if found is None:
        return ""
    lines = source.split("\n")
    kept = False
    for s in found.body:
        if getattr(s, "name", None) in unwanted:
            first, last = extent(s)
            lines[first - 1 : last] = [""] * (last - first + 1)
        else:
            kept = True
    return "\n".join(lines).strip("\n") if kept else ""
