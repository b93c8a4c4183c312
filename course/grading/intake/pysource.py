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
COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Names:
    """The names of a cell, as far as they concern other cells."""

    defs: frozenset[str] = frozenset()  # functions and classes that it defines
    bound: frozenset[str] = frozenset()  # all global names that it sets, these included
    needed: frozenset[str] = frozenset()  # global names that it uses and does not set
    reused: frozenset[str] = frozenset()  # names that it sets, and may read before that

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
    bound, now, later = _of(table)
    for child in table.get_children():
        bound |= _declared(child)
    reused = bound & now
    try:
        module = tree(source)
        if reused or any(isinstance(n, ast.AugAssign) for n in ast.walk(module or ast.Module())):
            reused = bound & _read_first(module)
    except UNREADABLE:
        pass  # then rather too many
    own = frozenset(s.get_name() for s in table.get_symbols() if s.is_namespace())
    return Names(own, frozenset(bound), frozenset((now | later) - bound), frozenset(reused))


def _of(table: symtable.SymbolTable) -> tuple[set[str], set[str], set[str]]:
    """The global names that a module's scope sets, reads as it runs, and reads when it is called."""
    top = table.get_symbols()
    bound = {s.get_name() for s in top if s.is_assigned() or s.is_imported() or s.is_namespace()}
    reads = {True: {s.get_name() for s in top if s.is_referenced()}, False: set()}
    todo = [(child, True) for child in table.get_children()]
    while todo:
        scope, runs = todo.pop()  # a class's body runs at once, and so does a comprehension
        runs = runs and (scope.get_type() == "class" or scope.get_name() in COMPREHENSIONS)
        reads[runs] |= {
            s.get_name() for s in scope.get_symbols() if s.is_global() and s.is_referenced()
        }
        todo += [(child, runs) for child in scope.get_children()]
    return bound, reads[True], reads[False]


def _declared(scope: symtable.SymbolTable) -> set[str]:
    """The names that a function declares `global` and sets."""
    symbols = scope.get_symbols()
    found = {s.get_name() for s in symbols if s.is_declared_global() and s.is_assigned()}
    return found.union(*map(_declared, scope.get_children()))


def _read_first(module: ast.Module | None) -> set[str]:
    """The names that a cell may read, outside of functions, before it has set them itself."""
    found: set[str] = set()

    def look(node: ast.AST, have: set[str]) -> set[str]:
        """Note what a simple statement or an expression reads; what is set after it."""
        bound, now, _ = _of(symtable.symtable(ast.unparse(node), "part", "exec"))
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            now.add(node.target.id)
        found.update(now - have)
        return have | bound

    def block(body: list[ast.stmt], have: set[str]) -> set[str]:
        """The same of statements, one after the other; of what may be passed over nothing is set."""
        for s in body:
            match s:
                case ast.If():
                    have = look(s.test, have)
                    have = block(s.body, have) & block(s.orelse, have)
                case ast.For() | ast.AsyncFor():
                    have = look(s.iter, have)
                    block(
                        s.body, have | {n.id for n in ast.walk(s.target) if isinstance(n, ast.Name)}
                    )
                    block(s.orelse, have)
                case ast.While():
                    have = look(s.test, have)
                    block(s.body, have)
                    block(s.orelse, have)
                case ast.With() | ast.AsyncWith():
                    have = look(type(s)(s.items, [ast.Pass()], lineno=1), have)
                    have = block(s.body, have)
                case ast.Try() | ast.TryStar():
                    ends = [block(s.orelse, block(s.body, have))]
                    ends += [block(h.body, have | {h.name or ""}) for h in s.handlers]
                    have = block(s.finalbody, set.intersection(*ends))
                case _:
                    have = look(s, have)
        return have

    block(module.body if module else [], set())
    return found


def needed(sources: dict[str, str], last: str) -> set[str]:
    """Of some cells, given by their ids, `last` and those that it needs: they set names that it uses.

    What a cell reads as it runs was set last before it; what its functions read when they are
    called, last of all.
    """
    order = {cell: n for n, cell in enumerate(sources)}
    makers: dict[str, list[str]] = {}
    for cell, source in sources.items():
        for name in names(source).bound:
            makers.setdefault(name, []).append(cell)
    found: set[str] = set()
    todo = [last]
    while todo:
        here = todo.pop()
        if here in found:
            continue
        found.add(here)
        for name in names(sources.get(here, "")).used:
            there = [c for c in makers.get(name, ()) if c != here]
            todo += [c for c in there if order[c] < order.get(here, len(order))][-1:] + there[-1:]
    return found


def definitions(source: str) -> str:
    """Of a cell, its imports, functions, classes and constants: what runs in no time."""
    found = tree(source)
    kept = [s for s in found.body if _defines(s)] if found else []
    return "\n".join(map(ast.unparse, kept))


def _defines(s: ast.stmt) -> bool:
    if isinstance(s, ast.Assign):
        try:
            ast.literal_eval(s.value)
        except (ValueError, TypeError, *UNREADABLE):
            return False
        return True
    return isinstance(s, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))  # fmt: skip


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
