"""One cell's syntax tree, and the questions that the rules of suspicion ask it."""

import ast
import itertools
from collections.abc import Iterator

# Attributes that belong to a library, yet are there to be set.
SETTINGS = ("torch.backends", "matplotlib", "logging", "warnings")
PLAIN = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 10.0, 100.0)
MOST_NODES = 20_000  # of a cell that are looked at, and
MOST_INNER = 2_000  # of a part of it


def imports(module: ast.Module) -> dict[str, str]:
    """What each imported name stands for: np -> numpy, expit -> scipy.special.expit."""
    found = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for a in node.names:
                found[a.asname or a.name.split(".")[0]] = (
                    a.name if a.asname else a.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def inner(node: ast.AST) -> Iterator[ast.AST]:
    """What is in a part of a cell, the part included; of a huge one, the outer part."""
    return itertools.islice(ast.walk(node), MOST_INNER)


def ignores_other(function: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether a comparison does not use its second argument."""
    other = [a.arg for a in function.args.args[1:2]]
    body = function.body if isinstance(function.body, list) else [function.body]
    used = {n.id for part in body for n in ast.walk(part) if isinstance(n, ast.Name)}
    return not used.intersection(other)


class Reading:
    """A cell's nodes, calls and imported names."""

    def __init__(
        self,
        module: ast.Module,
        asked: set[str],
        given: dict[str, str],  # names that the released cells import, and what they stand for
        own: dict[str, str],  # those that the student's cells import
        is_answer: bool,
    ):
        self.asked, self.given, self.is_answer = asked, given, is_answer
        self.known = given | own | imports(module) | {"__builtins__": "builtins"}
        self.nodes = list(itertools.islice(ast.walk(module), MOST_NODES))
        self.whole = len(self.nodes) < MOST_NODES
        self.calls = [n for n in self.nodes if isinstance(n, ast.Call)]
        self.docs = {id(n.value) for n in self.nodes if isinstance(n, ast.Expr)}

    def dotted(self, node: ast.AST) -> str:
        """The full name that an expression spells, its import undone; "" if it spells none."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.known.get(node.id, node.id), *reversed(parts)])

    def library(self, node: ast.AST) -> str:
        """The full name, where it is a library's or a part of one that is not there to be set."""
        base = node
        while isinstance(base, ast.Attribute):
            base = base.value
        if isinstance(base, ast.Name) and base.id in self.known:
            name = self.dotted(node)
            return "" if name.startswith(SETTINGS) else name
        return ""

    def modules(self) -> set[str]:
        """The modules that it imports from."""
        found = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found |= {a.name for a in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module or "")
        return found

    @staticmethod
    def text(node: ast.AST) -> str:
        return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""

    @staticmethod
    def numbers(node: ast.AST) -> int:
        """How many numbers with decimals stand in an expression; plain ones do not count."""
        found = (n.value for n in inner(node) if isinstance(n, ast.Constant))
        return sum(isinstance(v, float) and v not in PLAIN for v in found)

    @staticmethod
    def of_shape(test: ast.expr) -> bool:
        return any(
            getattr(n, "attr", getattr(n, "id", "")) in ("shape", "size", "len")
            for n in inner(test)
        )

    @staticmethod
    def leaves(node: ast.Raise) -> bool:
        return any(getattr(n, "id", "") == "SystemExit" for n in inner(node))
