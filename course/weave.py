"""Weaves a source into a notebook: each answer's import becomes the definition it names.

`from dgm.ddpm import q_sample  # exercise` is replaced by the source of `q_sample`, found by name
in `dgm/ddpm.py`, with nbgrader's solution markers round its body; with `# exercise: encode, decode`
the name is a class and the markers go round those methods. nbgrader then empties what stands
between the markers. The library itself carries none.
"""

import ast
import re
import textwrap
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from pyflakes import checker, messages

from course.checks import catalogue
from course.definitions import extent, find, module_file
from course.paths import ROOT, CourseError, colab_lines, published, repository
from course.source import Cell, metadata, read

DIRECTIVE = re.compile(
    r"^from (?P<module>dgm[.\w]*) import (?P<name>\w+)  # exercise(?:: (?P<methods>.+))?$", re.M
)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
HOW = """\
**How it works.** Replace each `raise NotImplementedError` by your code. Run the check cell below it: it
says in a line that all is well, or what differs, and names the mistake if it knows it. A second, hidden
check runs when you hand in: other inputs, other shapes. To see all visible checks at once, choose
*Kernel, Restart Kernel and Run All Cells* and look at the last cell, or type
`make check NOTEBOOK={number}` in a terminal."""
IN_WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
SUMMARY = """\
# All visible checks at a glance: Kernel > Restart Kernel and Run All Cells ends here.
from course.checks import summary

summary()"""
# Checks of input: the library's business, not the exercise's.
LIBRARY_DECORATORS = {"shapes", "networks_fit"}


def definition(module: str, name: str, methods: list[str] | None, root: Path = ROOT) -> str:
    """The source of `name` in `module`, with solution markers round what the student writes."""
    path = module_file(module, root)
    if not path.is_file():
        raise CourseError(f"there is no module {module}")
    lines = path.read_text(encoding="utf-8").splitlines()
    node = _find(ast.parse("\n".join(lines)), name, f"{module} has no definition")
    if methods and not isinstance(node, ast.ClassDef):
        raise CourseError(f"{module}.{name} is not a class, so it has no methods to leave out")
    if not methods and not isinstance(node, ast.FunctionDef):
        raise CourseError(
            f"{module}.{name} is a class: name its methods, `# exercise: fit, predict`"
        )
    holes = [_find(node, m, f"{module}.{name} has no method") for m in methods or []] or [node]
    drop = set()
    for hole in holes:
        first, last = hole.body[0], hole.body[-1]
        has_doc = ast.get_docstring(hole) is not None
        if has_doc and len(hole.body) == 1:
            raise CourseError(f"{module}.{hole.name} has no body to leave out")
        before = first.end_lineno if has_doc else first.lineno - 1
        pad = " " * last.col_offset
        lines[last.end_lineno - 1] += f"\n{pad}{END}"
        lines[before - 1] += f"\n{pad}{BEGIN}"
        drop |= _promise(lines, first) if has_doc else set()
    for d in (d for n in ast.walk(node) for d in getattr(n, "decorator_list", [])):
        if getattr(getattr(d, "func", d), "id", None) in LIBRARY_DECORATORS:
            drop |= set(range(d.lineno - 1, d.end_lineno))
    start, end = extent(node)
    return "\n".join(lines[i] for i in range(start - 1, end) if i not in drop)


def _promise(lines: list[str], doc: ast.stmt) -> set[int]:
    """The lines of a docstring's `Raises:`: what `@shapes` raises is not the student's to write."""
    block = range(doc.lineno - 1, doc.end_lineno)
    start = next((i for i in block if lines[i].strip() == "Raises:"), None)
    if start is None:
        return set()
    stop = next((i for i in block if i > start and not lines[i].strip()), None)
    if stop is not None:
        return set(range(start, stop + 1))
    if start - 2 > block[0]:  # the last of several parts: the empty line before it goes, too
        return set(range(start - 1, block[-1]))
    lines[block[0]] += lines[block[-1]].lstrip()  # one line is left
    return set(range(start - 1, block[-1] + 1))


def _find(tree: ast.AST, name: str, complaint: str) -> ast.stmt:
    if found := find(tree, name):
        return found[-1]
    raise CourseError(f"{complaint} {name!r}; was it renamed?")


def weave(path: Path, root: Path = ROOT) -> NotebookNode:
    """The notebook of the source at `path`, solutions and hidden checks included and marked."""
    cells = read(path)
    asked = {name for found in exercises(cells).values() for name in found}
    for cell in cells:
        try:
            cell.text = _text(cell, root)
        except CourseError as problem:
            raise CourseError(
                f"{path.name}, cell {cell.number} ({cell.grade_id}): {problem}"
            ) from None
        if cell.markdown:
            cell.text = fill_in(cell.text, path.stem, cells)
    no_given_solutions(path, cells, asked)
    undefined_names(path, [c for c in cells if not c.demo])
    undefined_names(path, cells)
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in cells:
        new = nbformat.v4.new_markdown_cell if cell.markdown else nbformat.v4.new_code_cell
        # Ids that depend on nothing but the source, so that twice in a row is byte for byte the same
        node = new(
            cell.text, id=cell.grade_id or f"cell-{cell.number:02d}", metadata=metadata(cell)
        )
        notebook.cells.append(node)
    notebook.cells.append(
        nbformat.v4.new_code_cell(SUMMARY, id="summary", metadata={"tags": ["demo"]})
    )
    nbformat.validate(notebook)
    return notebook


def fill_in(text: str, assignment: str, cells: list[Cell]) -> str:
    """Put into a text cell what the source leaves to be known: `{launch}`, `{points}` and the like."""
    place = f"exercises/{assignment}/{assignment}.ipynb"
    hub = repository().removeprefix("https://github.com/")
    launch = (
        f"[Open in Colab](https://colab.research.google.com/github/{hub}/blob/main/{place}) · "
        f"[Open in Binder](https://mybinder.org/v2/gh/{hub}/main?labpath={place}) · "
        f"[Source]({repository()}/blob/main/{place}) · "
        f"[Chapter]({published()}/chapters/{assignment}.html) · "
        f"[How to work and hand in]({published()}/how-to-work.html)"
    )
    asked = len(exercises(cells))
    known = {
        "launch": launch,
        "points": str(sum(cell.points for cell in cells)),
        "exercises": IN_WORDS[asked] if asked < len(IN_WORDS) else str(asked),
        "how": HOW.format(number=assignment.partition("-")[0]),
    }
    return re.sub(rf"\{{({'|'.join(known)})\}}", lambda m: known[m[1]], text)


def _text(cell: Cell, root: Path) -> str:
    if cell.markdown:
        return cell.text
    if cell.kind == "given" and cell.name == "setup":
        return colab_lines() + "\n" + cell.text
    if cell.kind == "answer":
        marked = DIRECTIVE.findall(cell.text)
        if not marked:
            raise CourseError("an answer cell is an import: `from dgm.x import y  # exercise`")
        return DIRECTIVE.sub(
            lambda m: definition(
                m["module"], m["name"], m["methods"].split(", ") if m["methods"] else None, root
            ),
            cell.text,
        )
    if cell.kind in ("check", "hidden") and not cell.text:
        return _check(cell)
    if cell.kind == "hidden":
        words, code = _leading_comments(cell.text)
        return f"{words}\n### BEGIN HIDDEN TESTS\n{code}\n### END HIDDEN TESTS"
    return cell.text


def _check(cell: Cell) -> str:
    """The call that is all there is to see of a check; what is tried stands in `course/checks`."""
    path = catalogue.find(str(cell.name))
    call = f'check("{cell.name}", {cell.name}, seed=SEED'
    if cell.kind == "check":
        return f"SEED = 0\n{call})"
    words = catalogue.about(catalogue.hidden(path))
    points = f"{cell.points} point{'s' if cell.points > 1 else ''}"
    told = textwrap.fill(f"Hidden check, {points}: {words[0].lower()}{words[1:]}", 96)
    told = "\n".join(f"# {line}" for line in told.splitlines())
    return f"{told}\n### BEGIN HIDDEN TESTS\nSEED = 0\n{call}, hidden=True)\n### END HIDDEN TESTS"


def _leading_comments(text: str) -> tuple[str, str]:
    """Split a hidden check into the comment that students keep and the code that they do not."""
    lines = text.splitlines()
    n = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    if n == 0:
        raise CourseError("a hidden check begins with a comment that says in words what it tries")
    return "\n".join(lines[:n]), "\n".join(lines[n:]).strip("\n")


def undefined_names(path: Path, cells: list[Cell]) -> None:
    """Raise `CourseError` where the notebook made of `cells` uses a name that it never defines."""
    owner: list[Cell] = []
    text: list[str] = []
    for cell in cells:
        if not cell.markdown:
            lines = [re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in cell.text.splitlines()]
            text += lines
            owner += [cell] * len(lines)
    try:
        tree = ast.parse("\n".join(text))
    except SyntaxError as problem:
        cell = owner[min(problem.lineno or 1, len(owner)) - 1]
        raise CourseError(
            f"{path.name}, cell {cell.number} ({cell.grade_id}): {problem.msg}"
        ) from None
    for message in checker.Checker(tree, filename=path.name).messages:
        if isinstance(message, (messages.UndefinedName, messages.UndefinedLocal)):
            cell = owner[message.lineno - 1]
            raise CourseError(
                f"{path.name}, cell {cell.number} ({cell.grade_id or 'plain'}): the notebook uses "
                f"{message.message_args[0]!r} and never defines it outside a demo cell; import it in a given cell"
            )


def no_given_solutions(path: Path, cells: list[Cell], asked: set[str]) -> None:
    """Raise `CourseError` where a cell of the notebook imports what the student is to write."""
    for cell in cells:
        for found in re.finditer(r"^from (dgm[.\w]*) import (.+)$", cell.text, re.M):
            names = {n.split(" as ")[0].strip(" ()") for n in found[2].split(",")}
            given = {f"{found[1]}:{n}" for n in names} & asked
            if given and not cell.markdown:
                raise CourseError(
                    f"{path.name}, cell {cell.number}: imports {sorted(given)[0]}, which the "
                    "assignment asks for; use the student's own or an independent library"
                )


def exercises(cells: list[Cell]) -> dict[str, list[str]]:
    """What an assignment asks for: each answer's name to the `module:name` that its cell holds."""
    return {
        cell.name: [f"{m['module']}:{m['name']}" for m in DIRECTIVE.finditer(cell.text)]
        for cell in cells
        if cell.kind == "answer"
    }
