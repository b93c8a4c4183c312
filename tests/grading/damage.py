"""Notebooks with right answers, and all that can happen to a notebook and must cost nothing."""

import copy

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from course.attempts import texts
from course.paths import assignments
from course.release import released

RELEASED = {name: nbformat.read(released(name), as_version=4) for name in assignments()}
FIRST = assignments()[0]
RIGHT = {
    name: {
        exercise: [text for answer, text in written.items() if answer.startswith("right_")]
        for exercise, written in texts(name).items()
    }
    for name in RELEASED
}
OTHER = "def {0}(*args, **more):\n    return None  # another try"


def about(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def is_check(cell):
    return cell.metadata.get("nbgrader", {}).get("grade", False)


def answered(name, which=0):
    """The released notebook with a right answer in every hole, and those answers."""
    notebook = copy.deepcopy(RELEASED[name])
    answers = {a: s[which % len(s)] for a, s in RIGHT[name].items()}
    for cell in notebook.cells:
        cell.source = answers.get(about(cell), cell.source)
    return notebook, answers


def where(notebook, grade_id):
    return next(i for i, c in enumerate(notebook.cells) if about(c) == grade_id)


def expect_sound(result, name):
    """Each released cell once, in its order, as released; the rest the student's own."""
    nbformat.validate(result)
    released = RELEASED[name].cells
    kept = [c for c in result.cells if not c.id.startswith("own-")]
    expected = [c for c in released if c.id in {k.id for k in kept}]
    assert [c.id for c in kept] == [c.id for c in expected]
    gone = [c for c in released if c.id not in {k.id for k in kept}]
    assert all("demo" in c.metadata.get("tags", []) for c in gone)
    for cell, original in zip(kept, expected, strict=True):
        assert cell.metadata == original.metadata
        assert cell.cell_type == original.cell_type
        assert cell.source == original.source or cell.id in RIGHT[name]
    for cell in result.cells:
        assert "attachments" not in cell
        assert cell.cell_type == "markdown" or (cell.outputs, cell.execution_count) == ([], None)
        if cell.id.startswith("own-"):
            assert cell.metadata in ({}, {"tags": ["demo"]})


# --- what can happen to a notebook and must cost nothing -------------------------------------


def nothing(nb, rng):
    pass


def metadata_stripped(nb, rng):
    for cell in nb.cells:
        cell.metadata = {}


def metadata_and_ids_stripped(nb, rng):
    for n, cell in enumerate(nb.cells):
        cell.metadata, cell.id = {}, f"x{n}"


def metadata_is_rubbish(nb, rng):
    for cell in nb.cells:
        cell.metadata["nbgrader"] = rng.choice([None, "x", 3, [], {"grade_id": 7}])
        cell.metadata["tags"] = rng.choice([None, "demo", 5, {}])


def flags_changed(nb, rng):
    for cell in nb.cells:
        if marks := cell.metadata.get("nbgrader"):
            marks.update(grade=True, solution=True, locked=False, points=1e9, schema_version=1)


def grade_ids_changed(nb, rng):
    for n, cell in enumerate(nb.cells):
        if marks := cell.metadata.get("nbgrader"):
            marks["grade_id"] = f"cell-{n:02d}"


def ids_of_two_answers_swapped(nb, rng):
    one, two = rng.sample(
        [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution")], 2
    )
    one.metadata, two.metadata = two.metadata, one.metadata
    one.id, two.id = two.id, one.id


def every_cell_twice(nb, rng):
    nb.cells = [copy.deepcopy(c) for c in nb.cells for _ in range(2)]


def holes_after_the_answers(nb, rng):
    nb.cells += copy.deepcopy(RELEASED_HERE(nb).cells)


def holes_before_the_answers(nb, rng):
    nb.cells = copy.deepcopy(RELEASED_HERE(nb).cells) + nb.cells


def older_tries_before(nb, rng):
    for cell in [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution")]:
        older = copy.deepcopy(cell)
        older.source = OTHER.format(about(cell))
        nb.cells.insert(nb.cells.index(cell), older)


def shuffled(nb, rng):
    rng.shuffle(nb.cells)


def reversed_order(nb, rng):
    nb.cells.reverse()


def all_but_the_answers_deleted(nb, rng):
    nb.cells = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution")]


def answers_turned_into_text(nb, rng):
    for cell in nb.cells:
        cell.cell_type = rng.choice(["markdown", "raw"])


def answers_turned_into_text_and_stripped(nb, rng):
    for n, cell in enumerate(nb.cells):
        cell.cell_type, cell.metadata, cell.id = "markdown", {}, f"x{n}"


def windows_line_ends(nb, rng):
    for cell in nb.cells:
        cell.source = cell.source.replace("\n", "\r\n")


def sources_as_lists(nb, rng):
    for cell in nb.cells:
        cell["source"] = cell.source.splitlines(keepends=True)


def skip_tags(nb, rng):
    for cell in nb.cells:
        cell.metadata["tags"] = ["skip-execution"]


def checks_edited(nb, rng):
    for cell in nb.cells:
        if is_check(cell):
            cell.source = "print('full marks')"


def checks_edited_and_stripped(nb, rng):
    for cell in nb.cells:
        cell.source = (
            cell.source.replace("assert ", "assert True or ") if is_check(cell) else cell.source
        )
    metadata_and_ids_stripped(nb, rng)


def own_cells_everywhere(nb, rng):
    for place in range(len(nb.cells), -1, -3):
        nb.cells.insert(place, new_code_cell(f"mine_{place} = {place}"))
        nb.cells.insert(place, new_markdown_cell(f"note {place}"))
        nb.cells.insert(place, new_raw_cell("raw"))


def all_answers_in_one_cell(nb, rng):
    own = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution")]
    own[0].source = "\n\n\n".join(c.source for c in own)
    nb.cells = [c for c in nb.cells if c not in own[1:]]


def outputs_and_attachments(nb, rng):
    for cell in nb.cells:
        cell["attachments"] = {"a.png": {"image/png": "AAAA"}}
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="50%", name="stderr")]
            cell.execution_count = 7


def magics_in_the_answers(nb, rng):
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "%matplotlib inline\n!pip list\n" + cell.source


def RELEASED_HERE(nb):
    return next(r for r in RELEASED.values() if r.cells[0].source == nb.cells[0].source)


DAMAGES = [
    nothing, metadata_stripped, metadata_and_ids_stripped, metadata_is_rubbish, flags_changed,
    grade_ids_changed, ids_of_two_answers_swapped, every_cell_twice, holes_after_the_answers,
    holes_before_the_answers, older_tries_before, shuffled, reversed_order,
    all_but_the_answers_deleted, answers_turned_into_text, answers_turned_into_text_and_stripped,
    windows_line_ends, sources_as_lists, skip_tags, checks_edited, checks_edited_and_stripped,
    own_cells_everywhere, all_answers_in_one_cell, outputs_and_attachments, magics_in_the_answers,
]  # fmt: skip
# Of these, those that need no marks to do their work, so that they can follow another.
BLIND = [
    metadata_and_ids_stripped, metadata_is_rubbish, every_cell_twice, shuffled, reversed_order,
    answers_turned_into_text, windows_line_ends, sources_as_lists, skip_tags,
    own_cells_everywhere, outputs_and_attachments,
]  # fmt: skip
