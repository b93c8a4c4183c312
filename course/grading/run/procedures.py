"""Which answers are asked for what they change, and not for what they return.

The course's own definition says so, with `-> None`; what a submission returns has no part in it.
"""

import ast
from collections.abc import Iterable

from course.definitions import find, module_file
from course.grading.sandbox.student_edition import Asked
from course.paths import ROOT


def procedures(wanted: Iterable[Asked]) -> dict[str, str]:
    """The key of each function that returns nothing, and the name of its first argument: it may change."""
    found = {}
    for one in wanted:
        tree = ast.parse(module_file(one.module, ROOT).read_text(encoding="utf-8"))
        for node in find(tree, one.name)[-1:]:
            said = getattr(node, "returns", None)  # a text is a name in quotes
            if isinstance(said, ast.Constant) and said.value is None:
                found[f"name:{one.name}"] = next((a.arg for a in node.args.args), "")
    return found
