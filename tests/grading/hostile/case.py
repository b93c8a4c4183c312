"""What one case of the corpus is, and how it becomes a student's folder."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from string import Template
from textwrap import dedent

from nbformat import NotebookNode, from_dict

from course.attempts import texts
from hostile.world import World

NAME = "01-discriminative-generative"
# Right answers that call no other answer of the student's, so that one lost answer is one lost.
RIGHT = {
    "sigmoid": "tanh",
    "log_likelihood": "softplus",
    "gradient": "einsum",
    "log_posterior": "bce",
    "information": "cosh",
    "fit": "scipy_bfgs",
    "class_statistics": "one_hot",
    "joint_log_prob": "normal",
    "posterior_log_prob": "from_scratch",
    "sample_joint": "multinomial",
    "logistic_coefficients": "formula",
}
WRITTEN = texts(NAME)
RIGHT = {a: WRITTEN[a][f"right_{k}"] for a, k in RIGHT.items()}
ALL = tuple(RIGHT)

Edit = Callable[[NotebookNode], None]
Write = Callable[[Path, NotebookNode, World], None]


@dataclass(frozen=True)
class Case:
    """One submission: every answer right, but for what its fields say."""

    id: str  # the student's name too
    item: str  # what it stands for in the list of submissions that must be survived
    says: str  # one sentence: what it does
    loses: tuple[str, ...] = ()  # the answers whose points it must not get
    source: str = ""  # stands in place of the answer `loses[0]`; $MARK, $PORT, … are filled in
    edit: Edit | None = None  # changes the notebook
    write: Write | None = None  # writes the folder in place of `write_notebook`
    flags: tuple[str, ...] = ()  # words of `flags.KINDS` that the record must show
    message: str = ""  # a pattern that the lost answer's messages must hold
    received: str = ""  # what the noted time must not begin with
    plain: str = ""  # why it is not run on plain nbgrader, if it is not

    def hand_in(self, home: Path, world: World) -> None:
        """Write this submission below `home`, the student's folder."""
        notebook = solved(world.released)
        if self.source:
            answer = cell(notebook, self.loses[0] if self.loses else "sigmoid")
            answer.source = Template(self.source).safe_substitute(world.words(self.id))
        if self.edit:
            self.edit(notebook)
        path = home / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        (self.write or write_notebook)(path, notebook, world)

    def mark(self, points: dict[str, float]) -> float:
        """What it earns, given the points of each check."""
        lost = {f"{a}-{kind}" for a in self.loses for kind in ("check", "hidden")}
        return sum(p for k, p in points.items() if k not in lost)


CASES: dict[str, Case] = {}


def case(id: str, item: str, says: str, source: str = "", **more) -> None:
    """Add a case to the corpus."""
    assert id not in CASES, f"two cases are called {id}"
    CASES[id] = Case(id, item, says, source=dedent(source).strip(), **more)


def attack(id: str, item: str, says: str, source: str, answer: str = "sigmoid", **more) -> None:
    """Add a case in which `source` stands for one answer, and that answer must be lost."""
    case(id, item, says, source, loses=(answer,), **more)


def solved(released: NotebookNode) -> NotebookNode:
    """The released notebook with a right answer in every hole."""
    notebook = from_dict(json.loads(json.dumps(released)))
    for answer, source in RIGHT.items():
        cell(notebook, answer).source = source.strip()
    return notebook


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell of that grade id."""
    return next(
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def write_notebook(path: Path, notebook: NotebookNode, world: World | None = None) -> None:
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def beside(files: dict[str, str]) -> Write:
    """Write the notebook, and these files beside it."""

    def write(path: Path, notebook: NotebookNode, world: World) -> None:
        write_notebook(path, notebook)
        for name, text in files.items():
            file = path.parent / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(Template(text).safe_substitute(world.words(path.parts[-3])))

    return write
