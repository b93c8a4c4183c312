"""Right answers in damaged or noisy notebooks: full credit."""

import copy
import json
from collections.abc import Callable

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from hostile.case import case, cell, write_notebook


def copied(name: str) -> Callable:
    def edit(notebook):
        at = notebook.cells.index(cell(notebook, name))
        twin = copy.deepcopy(notebook.cells[at])
        twin.id += "-again"
        notebook.cells.insert(at + 1, twin)

    return edit


def each(change: Callable) -> Callable:
    """Change the metadata of every cell that nbgrader knows."""

    def edit(notebook):
        for c in notebook.cells:
            if "nbgrader" in c.metadata:
                change(c)

    return edit


def one(name: str, change: Callable) -> Callable:
    return lambda notebook: change(cell(notebook, name))


def both_stripped(notebook):
    for number, c in enumerate(notebook.cells):
        c.metadata = nbformat.from_dict({})
        c.id = f"x{number}"


def moved_up(notebook):
    check = cell(notebook, "gradient-check")
    notebook.cells.remove(check)
    notebook.cells.insert(1, check)


def answers_last(notebook):
    known = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("solution")]
    notebook.cells = [c for c in notebook.cells if c not in known] + known


def old_copy_kept(notebook):
    at = notebook.cells.index(cell(notebook, "sigmoid"))
    old = copy.deepcopy(notebook.cells[at])
    old.source, old.id = "def sigmoid(z):\n    return 1 / (1 + torch.exp(z))", "sigmoid-old"
    notebook.cells.insert(at, old)


def to_markdown(c):
    c.cell_type = "markdown"
    c.pop("outputs", None)
    c.pop("execution_count", None)


def schema_one(c):
    about = c.metadata.nbgrader
    c.metadata.nbgrader = {k: about[k] for k in ("grade", "solution", "locked", "grade_id")}
    c.metadata.nbgrader |= {"schema_version": 1}
    if about.grade:
        c.metadata.nbgrader["points"] = about.points


def with_helpers(notebook):
    notebook.cells.insert(3, new_code_cell("print('my own try')\n2 + 2"))
    notebook.cells.insert(9, new_markdown_cell("a note to myself"))
    notebook.cells.append(new_code_cell("1 / 0"))


def helper_elsewhere(notebook):
    at = notebook.cells.index(cell(notebook, "sigmoid"))
    notebook.cells.insert(at, new_code_cell("def half_of(v):\n    return v / 2"))
    cell(
        notebook, "sigmoid"
    ).source = "def sigmoid(z):\n    return half_of(1 + torch.tanh(half_of(z)))"


def windows(path, notebook, world):
    for c in notebook.cells:
        c.source = c.source.replace("\n", "\r\n")
    path.write_bytes(json.dumps(notebook, indent=1).replace("\n", "\r\n").encode())


def byte_order_mark(path, notebook, world):
    path.write_bytes(json.dumps(notebook).encode("utf-8-sig"))


def other_name(path, notebook, world):
    write_notebook(path.with_name("Assignment 1 (final) (2).ipynb"), notebook)


def second_notebook(path, notebook, world):
    write_notebook(path, notebook)
    write_notebook(path.with_name("scratch.ipynb"), nbformat.v4.new_notebook())


def version_three(path, notebook, world):
    path.write_text(nbformat.writes(nbformat.convert(notebook, 3), version=3))


def colab(notebook):
    notebook.metadata["colab"] = {"provenance": [], "collapsed_sections": ["x"]}
    notebook.metadata["accelerator"] = "GPU"
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    for number, c in enumerate(notebook.cells):
        c.metadata |= {"id": f"aB{number}", "outputId": "b-1", "colab": {"height": 17}}
        c.pop("id", None)
    notebook.nbformat_minor = 0


def vscode(notebook):
    notebook.metadata["vscode"] = {"interpreter": {"hash": "0" * 64}}
    notebook.metadata["kernelspec"] = {"name": "dgm-env", "display_name": "dgm (3.12)"}
    notebook.metadata["language_info"] = {"name": "python", "version": "2.7"}
    for c in notebook.cells:
        c.metadata["vscode"] = {"languageId": "python"}


def kept(name: str, extra: str) -> Callable:
    """Put `extra` before an answer, which stays right."""

    def edit(notebook):
        answer = cell(notebook, name)
        answer.source = f"{extra}\n{answer.source}"

    return edit


def as_fence(c):
    c.source = f"My answer:\n\n```python\n{c.source}\n```"
    to_markdown(c)


def by_autograd(notebook):
    """A gradient that is right where the log-likelihood is."""
    cell(notebook, "gradient").source = (
        "def gradient(theta, X, y):\n"
        "    t = theta.detach().clone().requires_grad_()\n"
        "    return torch.autograd.grad(log_likelihood(t, X, y), t)[0]"
    )


PAGE = """\
%matplotlib widget
%load_ext autoreload
%store -r
name = input("Your name? ")
get_ipython().kernel.comm_manager.register_target("x", print)
import ipympl_or_another_that_is_not_there
"""

case("answer-twice", "duplicated cell", "An answer's cell stands twice.", edit=copied("gradient"))
case("check-twice", "duplicated cell", "A check's cell stands twice.", edit=copied("fit-check"))
case(
    "old-copy-kept",
    "duplicated cell",
    "A first, wrong version of the answer was kept above the right one.",
    edit=old_copy_kept,
    flags=("copies differ",),
)
case(
    "no-metadata",
    "metadata stripped",
    "An editor dropped the metadata of every cell.",
    edit=lambda n: [c.update(metadata=nbformat.from_dict({})) for c in n.cells],
)
case(
    "no-metadata-no-ids", "metadata stripped", "Metadata and cell ids are gone.", edit=both_stripped
)
case("check-moved", "check cell moved", "A check stands above everything.", edit=moved_up)
case("answers-last", "check cell moved", "All answers stand below all checks.", edit=answers_last)
case(
    "check-edited",
    "check cell edited",
    "The asserts of a check were commented out.",
    edit=one("fit-check", lambda c: c.update(source="# " + c.source.replace("\n", "\n# "))),
    flags=("check changed",),
)
case(
    "check-deleted",
    "check cell deleted",
    "A check's two cells were deleted.",
    edit=lambda n: [n.cells.remove(cell(n, f"fit-{k}")) for k in ("check", "hidden")],
)
case(
    "check-as-text",
    "check cell turned into Markdown",
    "A check became Markdown.",
    edit=one("fit-check", to_markdown),
)
case(
    "check-as-raw",
    "check cell turned into Markdown",
    "A check's hidden cell became a raw cell.",
    edit=one("fit-hidden", lambda c: c.update(cell_type="raw")),
)
case(
    "flags-changed",
    "flag or id changed",
    "Every cell says that it is neither graded nor a solution nor locked.",
    edit=each(lambda c: c.metadata.nbgrader.update(grade=False, solution=False, locked=False)),
)
case(
    "ids-changed",
    "flag or id changed",
    "Two grade ids were changed.",
    edit=lambda n: [
        cell(n, k).metadata.nbgrader.update(grade_id=k + "-1") for k in ("fit", "sigmoid-check")
    ],
)
case(
    "points-raised",
    "flag or id changed",
    "Every check says that it is worth 1000 points.",
    edit=each(lambda c: c.metadata.nbgrader.update(points=1000)),
)
case("schema-one", "old schema", "nbgrader's metadata of schema 1.", edit=each(schema_one))
case("format-three", "old schema", "The file's format is 3, of the year 2011.", write=version_three)
case(
    "warnings",
    "warnings and progress bars on stderr",
    "Every answer warns when it is defined, one when it is called.",
    """
    def sigmoid(z):
        import sys, warnings
        warnings.warn("hot")
        print("50%", file=sys.stderr)
        return torch.sigmoid(z)
    """,
    edit=kept("fit", "import warnings\nwarnings.warn('look out')"),
)
case(
    "progress-bar",
    "warnings and progress bars on stderr",
    "A progress bar runs in each call.",
    """
    from tqdm import trange

    def sigmoid(z):
        for _ in trange(20):
            p = torch.sigmoid(z)
        return p
    """,
)
case(
    "long-line",
    "a 30 MB line",
    "One line of 30 MB is printed.",
    edit=kept("gradient", "print('x' * 30_000_000)"),
)
case(
    "much-printed",
    "a 30 MB line",
    "200 MB are printed in lines.",
    edit=kept("gradient", "for _ in range(200):\n    print(('y' * 99 + '\\n') * 10_000)"),
)
case(
    "long-line-kept",
    "a 30 MB line",
    "30 MB of outputs stand in the file that was handed in.",
    edit=one("gradient", lambda c: c.update(
        outputs=[nbformat.v4.new_output("stream", name="stdout", text="x" * 30_000_000)])),
)  # fmt: skip
case("own-cells", "helper cells added", "Cells of the student's own, one fails.", edit=with_helpers)
case(
    "helper-elsewhere",
    "helper functions in other cells",
    "An answer calls a function of the student's own cell.",
    edit=helper_elsewhere,
)
case("other-name", "wrong file name", "The only notebook has another name.", write=other_name)
case(
    "second-notebook",
    "wrong file name",
    "A scratch notebook lies beside it.",
    write=second_notebook,
)
case("windows-lines", "Windows line ends", "CR LF in the file and in every cell.", write=windows)
case(
    "byte-order-mark",
    "Windows line ends",
    "The file begins with a UTF-8 mark.",
    write=byte_order_mark,
)
case("colab", "Colab and VS Code metadata", "Saved by Colab: no cell ids.", edit=colab)
case("vscode", "Colab and VS Code metadata", "Saved by VS Code with its own kernel.", edit=vscode)
case(
    "lines-for-the-page",
    "lines for the page alone",
    "Magics, input and the kernel stand above answers.",
    edit=lambda n: [kept(name, PAGE)(n) for name in ("sigmoid", "gradient", "fit")],
)
case(
    "trial-line-too-slow",
    "infinite loop",
    "A trial line below a right answer never ends.",
    edit=one("sigmoid", lambda c: c.update(
        source=f"{c.source}\nfor X in iter(int, 1):\n    y = sigmoid(torch.zeros(1))")),
)  # fmt: skip
case(
    "answer-in-a-fence",
    "an answer left as text",
    "An answer's cell became Markdown with its code in a fence.",
    edit=one("fit", as_fence),
    flags=("left as text",),
)
case(
    "on-a-wrong-one",
    "an answer on a wrong one",
    "The gradient is right, and calls a log-likelihood that is not.",
    "def log_likelihood(theta, X, y):\n    return (X @ theta).sum()",
    loses=("log_likelihood",),
    edit=by_autograd,
)
case(
    "copy-of-an-open-one",
    "an answer on a wrong one",
    "The gradient is a call of the log-likelihood, which was left open.",
    "def log_likelihood(theta, X, y):\n    raise NotImplementedError  # YOUR CODE HERE",
    loses=("log_likelihood", "gradient"),
    edit=one("gradient", lambda c: c.update(
        source="def gradient(theta, X, y):\n    return log_likelihood(theta, X, y) * theta")),
)  # fmt: skip
