"""The rules of the rebuild, one by one: which version counts, what is carried along, what is flagged."""

import copy

import nbformat
import pytest
from damage import FIRST, OTHER, RELEASED, answered, expect_sound, where
from nbformat.v4 import new_code_cell, new_markdown_cell

from course.grading.intake.pieces import likeness, lines
from course.grading.intake.rebuild import rebuild


def kinds(flags):
    return {f.kind for f in flags}


def rebuilt(change, name=FIRST):
    submitted, answers = answered(name)
    change(submitted)
    result, flags = rebuild(submitted, RELEASED[name])
    expect_sound(result, name)
    return result, flags, answers


def source(notebook, grade_id):
    return notebook.cells[where(notebook, grade_id)].source


def test_an_undamaged_notebook_raises_no_flag_and_has_no_own_cell():
    result, flags, _ = rebuilt(lambda nb: None)
    assert flags == []
    assert [c.id for c in result.cells] == [c.id for c in RELEASED[FIRST].cells]


def test_the_untouched_notebook_stays_as_released():
    result, flags = rebuild(copy.deepcopy(RELEASED[FIRST]), RELEASED[FIRST])
    assert (result, flags) == (RELEASED[FIRST], [])


@pytest.mark.parametrize("cells", [None, [], [{}], [{"source": None, "metadata": None}]])
def test_nothing_in_it_gives_the_released_notebook(cells):
    result, _ = rebuild(nbformat.from_dict({"cells": cells}), RELEASED[FIRST])
    assert result == RELEASED[FIRST]


def test_comments_alone_do_not_make_a_hole_an_answer():
    def change(nb):
        late = copy.deepcopy(RELEASED[FIRST].cells[where(nb, "sigmoid")])
        late.source = "# no idea yet\n" + late.source
        nb.cells.append(late)

    result, _, answers = rebuilt(change)
    assert source(result, "sigmoid") == answers["sigmoid"]


@pytest.mark.parametrize("place", ["before", "after", "end"])
def test_of_two_versions_the_last_edited_counts_and_is_flagged(place):
    def change(nb):
        i = where(nb, "sigmoid")
        other = copy.deepcopy(nb.cells[i])
        other.source, other.id = OTHER.format("sigmoid"), "copy"
        nb.cells.insert({"before": i, "after": i + 1, "end": len(nb.cells)}[place], other)

    result, flags, answers = rebuilt(change)
    wanted = answers["sigmoid"] if place == "before" else OTHER.format("sigmoid")
    assert source(result, "sigmoid") == wanted
    assert [(f.kind, f.answer) for f in flags] == [("two versions", "sigmoid")]
    assert not any(c.id.startswith("own-") and "def sigmoid" in c.source for c in result.cells)


@pytest.mark.parametrize(("place", "wins"), [("after", True), ("end", False), ("before", False)])
def test_an_unmarked_cell_wins_where_the_check_would_have_used_it(place, wins):
    mine = OTHER.format("sigmoid")

    def change(nb):
        i = where(nb, "sigmoid")
        at = {"before": i, "after": i + 1, "end": len(nb.cells)}[place]
        nb.cells.insert(at, new_code_cell(mine))

    result, flags, answers = rebuilt(change)
    assert source(result, "sigmoid") == (mine if wins else answers["sigmoid"])
    assert kinds(flags) == {"two versions"}


def test_an_answer_written_into_a_new_cell_counts():
    def change(nb):
        i = where(nb, "sigmoid")
        mine = new_code_cell(nb.cells[i].source)
        nb.cells[i].source = source(RELEASED[FIRST], "sigmoid")
        nb.cells.append(mine)

    result, flags, answers = rebuilt(change)
    assert source(result, "sigmoid") == answers["sigmoid"]
    assert flags == []


@pytest.mark.parametrize(
    "text", ["sigmoid = torch.sigmoid", "sigmoid = lambda z: torch.sigmoid(z)",
             "from torch import sigmoid"])  # fmt: skip
@pytest.mark.parametrize("labelled", [True, False])
def test_an_answer_need_not_be_a_def(text, labelled):
    def change(nb):
        cell = nb.cells[where(nb, "sigmoid")]
        cell.source = text
        if not labelled:
            cell.metadata, cell.id = {}, "x"

    assert source(rebuilt(change)[0], "sigmoid") == text


def test_wrapping_an_answer_does_not_replace_it():
    def change(nb):
        wrapped = new_code_cell("sigmoid = torch.jit.script(sigmoid)", id="x")
        nb.cells.insert(where(nb, "sigmoid") + 1, wrapped)

    result, _, answers = rebuilt(change)
    assert source(result, "sigmoid") == answers["sigmoid"]
    after = result.cells[where(result, "sigmoid") + 1]
    assert (after.id, after.source) == ("own-001", "sigmoid = torch.jit.script(sigmoid)")


def test_an_answer_that_is_no_python_is_still_the_answer():
    broken = "def sigmoid(z:\n    return 1"

    def change(nb):
        cell = nb.cells[where(nb, "sigmoid")]
        cell.source, cell.metadata, cell.id = broken, {}, "x"

    assert source(rebuilt(change)[0], "sigmoid") == broken


def test_a_fenced_example_in_a_note_is_no_answer():
    note = "My idea:\n```python\ndef sigmoid(z):\n    return 0\n```"

    def change(nb):
        nb.cells.append(new_markdown_cell(note))

    result, flags, answers = rebuilt(change)
    assert source(result, "sigmoid") == answers["sigmoid"]
    assert (result.cells[-1].source, flags) == (note, [])


def test_a_version_that_was_left_as_text_is_told_of():
    older = "def sigmoid(z):\n    return None"

    def change(nb):
        i = where(nb, "sigmoid")
        nb.cells[i].cell_type = "markdown"
        nb.cells.insert(i, new_code_cell(older, id="x"))

    result, flags, _ = rebuilt(change)
    assert source(result, "sigmoid") == older
    assert [(f.kind, f.answer) for f in flags] == [("two versions", "sigmoid")]


def test_a_renamed_answer_without_marks_is_found_by_likeness_and_flagged():
    hole = source(RELEASED[FIRST], "sigmoid")
    renamed = hole.replace("def sigmoid", "def my_sigmoid").replace(
        "raise NotImplementedError  # YOUR CODE HERE", "return torch.sigmoid(z)"
    )

    def change(nb):
        cell = nb.cells[where(nb, "sigmoid")]
        cell.source, cell.metadata, cell.id = renamed, {}, "x"

    result, flags, _ = rebuilt(change)
    assert source(result, "sigmoid") == renamed
    assert [(f.kind, f.answer) for f in flags] == [("likeness", "sigmoid")]


def test_an_answer_written_into_the_check_cell_counts():
    def change(nb):
        cell, check = (nb.cells[where(nb, k)] for k in ("sigmoid", "sigmoid-check"))
        check.source = cell.source + "\n" + check.source
        cell.source = source(RELEASED[FIRST], "sigmoid")

    result, flags, _ = rebuilt(change)
    assert "def sigmoid" in source(result, "sigmoid")
    assert "NotImplementedError" not in source(result, "sigmoid")
    assert "assert " not in source(result, "sigmoid"), "the check's own lines are not carried"
    assert kinds(flags) == {"check edited"}


def test_an_own_redefinition_inside_another_answer_does_not_replace_the_answer():
    def change(nb):
        cell = nb.cells[where(nb, "log_likelihood")]
        cell.source = "def sigmoid(z):\n    return 0\n\n" + cell.source

    result, _, answers = rebuilt(change)
    assert source(result, "sigmoid") == answers["sigmoid"]
    assert source(result, "log_likelihood").startswith("def sigmoid(z):\n    return 0")


def own_of(result):
    return [(c.source, result.cells[i + 1].id if i + 1 < len(result.cells) else None)
            for i, c in enumerate(result.cells) if c.id.startswith("own-")]  # fmt: skip


def test_helper_cells_keep_their_order_and_their_place():
    def change(nb):
        i = where(nb, "gradient")
        nb.cells[i:i] = [
            new_code_cell("a = 1"),
            new_code_cell("%time b = a"),
            new_markdown_cell("c"),
        ]

    result, _, _ = rebuilt(change)
    assert [s for s, _ in own_of(result)] == ["a = 1", "%time b = a", "c"]
    i = where(result, "gradient")
    assert [c.id for c in result.cells[i - 3 : i]] == ["own-001", "own-002", "own-003"]


@pytest.mark.parametrize("at", ["top", "after the check", "end"])
def test_a_helper_stands_before_the_answer_that_needs_it(at):
    def change(nb):
        cell = nb.cells[where(nb, "gradient")]
        cell.source = "def gradient(theta, X, y):\n    return weigh(theta, X, y)"
        helper = new_code_cell("def weigh(theta, X, y):\n    return X.T @ (y - half(X @ theta))")
        second = new_code_cell("def half(z):\n    return torch.sigmoid(z)")
        place = {"top": 0, "end": len(nb.cells), "after the check": where(nb, "gradient-check") + 1}
        nb.cells[place[at] : place[at]] = [helper, second]

    result, _, _ = rebuilt(change)
    own = [i for i, c in enumerate(result.cells) if c.id.startswith("own-")]
    assert [result.cells[i].source.split("(")[0] for i in own] == ["def weigh", "def half"]
    assert where(result, "setup") < min(own) < max(own) < where(result, "gradient")


def test_a_helper_before_an_answer_that_was_moved_up_still_precedes_it():
    def change(nb):
        nb.cells[where(nb, "sigmoid")].source = "def sigmoid(z):\n    return half(z)"
        moved = nb.cells.pop(where(nb, "gradient"))
        nb.cells[where(nb, "sigmoid") : where(nb, "sigmoid")] = [new_code_cell("half = 1"), moved]

    result, _, _ = rebuilt(change)
    assert own_of(result)[0] == ("half = 1", "sigmoid")


def test_a_local_variable_is_no_need():
    def change(nb):
        nb.cells[where(nb, "sigmoid")].source = "def sigmoid(z):\n    late = z\n    return late"
        nb.cells.append(new_code_cell("late = fit"))

    result, _, _ = rebuilt(change)
    assert own_of(result) == [("late = fit", None)]


def test_set_up_as_released_with_what_the_student_added_right_after_it():
    def change(nb):
        cell = nb.cells[where(nb, "setup")]
        cell.source = cell.source.replace("import math\n", "") + "\nimport numpy as np\nk = 3"
        nb.cells[where(nb, "sigmoid")].source = "def sigmoid(z):\n    return np.exp(z)"

    result, flags, _ = rebuilt(change)
    assert source(result, "setup") == source(RELEASED[FIRST], "setup")
    i = where(result, "setup")
    assert [c.source for c in result.cells[i + 1 : i + 3]] == ["import numpy as np", "k = 3"]
    assert flags == []


def test_a_set_up_cell_that_is_no_python_is_carried_whole():
    text = "import numpy as np\nimport ("

    def change(nb):
        nb.cells[where(nb, "setup")].source = text

    result, _, _ = rebuilt(change)
    assert result.cells[where(result, "setup") + 1].source == text


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("SEED = 0", "SEED = 7", {"seed changed"}),
        ("check(", "print(", {"check edited"}),
        ("SEED = 0", "SEED = 7\nprint(1)", {"seed changed", "check edited"}),
        ("\n", "  \r\n", set()),
    ],
)
def test_edited_checks_are_flagged_and_the_released_text_wins(old, new, wanted):
    def change(nb):
        cell = nb.cells[where(nb, "fit-check")]
        cell.source = cell.source.replace(old, new)

    _, flags, _ = rebuilt(change)
    assert {(f.kind, f.answer) for f in flags} == {(k, "fit") for k in wanted}


def test_skip_tags_are_flagged():
    def change(nb):
        nb.cells[where(nb, "fit-hidden")].metadata["tags"] = ["skip-execution"]

    result, flags, _ = rebuilt(change)
    assert [(f.kind, f.answer) for f in flags] == [("skip-execution", "fit")]
    tags = result.cells[where(result, "fit-hidden")].metadata["tags"]
    assert tags == RELEASED[FIRST].cells[where(RELEASED[FIRST], "fit-hidden")].metadata["tags"]


def demo(nb):
    return next(i for i, c in enumerate(nb.cells) if "demo" in c.metadata.get("tags", []))


def test_an_edited_demo_is_shown_and_runs_only_if_an_answer_needs_it():
    text = "def mine(z):\n    return z\n\n\nprint('my picture')"

    def change(nb):
        nb.cells[demo(nb)].source = text

    result, flags, _ = rebuilt(change)
    (cell,) = [c for c in result.cells if c.id.startswith("own-")]
    assert (cell.source, cell.metadata, flags) == (text, {"tags": ["demo"]}, [])
    assert RELEASED[FIRST].cells[demo(RELEASED[FIRST])].id not in {c.id for c in result.cells}

    def use(nb):
        change(nb)
        nb.cells[where(nb, "sigmoid")].source = "def sigmoid(z):\n    return mine(z)"

    result, _, _ = rebuilt(use)
    (cell,) = [c for c in result.cells if c.id.startswith("own-")]
    assert (cell.source, cell.metadata) == (text, {})
    assert result.cells.index(cell) < where(result, "sigmoid")


def test_a_helper_defined_in_a_check_cell_is_there_for_the_answer_that_needs_it():
    def change(nb):
        nb.cells[where(nb, "sigmoid-check")].source += "\ndef mine(z):\n    return z\n"
        nb.cells[where(nb, "fit-check")].source += "\ndef unused(z):\n    return z\n"
        nb.cells[where(nb, "sigmoid")].source = "def sigmoid(z):\n    return mine(z)"

    result, _, _ = rebuilt(change)
    assert own_of(result) == [("def mine(z):\n    return z", "sigmoid")]


def test_an_answer_does_not_get_its_inputs_from_the_global_names_of_an_edited_check():
    def change(nb):
        nb.cells[where(nb, "sigmoid-check")].source += "\nanswer_z = 1\n"
        nb.cells[where(nb, "sigmoid")].source = "def sigmoid(z):\n    return answer_z"

    assert own_of(rebuilt(change)[0]) == []


def test_a_huge_cell_is_left_out_and_flagged():
    def change(nb):
        nb.cells[where(nb, "sigmoid")].source += "\n# " + 200_000 * "x"
        nb.cells += [new_code_cell("# " + 190_000 * "y") for _ in range(20)]

    result, flags, _ = rebuilt(change)
    assert source(result, "sigmoid") == source(RELEASED[FIRST], "sigmoid")
    assert [f.kind for f in flags] == ["huge cell"]
    assert sum(len(c.source) for c in result.cells) < 2_100_000


@pytest.mark.parametrize("letters", [300_000, 3_000_000])
def test_a_picture_in_a_cells_text_costs_no_answer_behind_it(letters):
    def change(nb):
        nb.cells.insert(0, new_markdown_cell("![](data:image/png;base64," + "A" * letters + ")"))

    result, flags, answers = rebuilt(change)
    assert {a: source(result, a) for a in answers} == answers
    assert [f.kind for f in flags] == ["huge cell"]


def test_a_helper_beside_a_second_version_is_kept_without_that_version():
    def change(nb):
        text = "def helper(z):\n    return z\n\n\n@torch.no_grad()\ndef sigmoid(z):\n    return 0\n"
        nb.cells.append(new_code_cell(text))
        nb.cells[where(nb, "fit")].source = "def fit(*a):\n    return helper(a)"

    result, _, answers = rebuilt(change)
    assert source(result, "sigmoid") == answers["sigmoid"]
    assert own_of(result) == [("def helper(z):\n    return z", "fit")]


def test_notes_in_released_text_are_kept_as_notes():
    def change(nb):
        nb.cells[2].source += "\nMy note."

    result, _, _ = rebuilt(change)
    assert result.cells[2].source == RELEASED[FIRST].cells[2].source
    assert sum("My note." in c.source for c in result.cells) == 1


def test_likeness_is_the_share_of_common_lines():
    assert likeness(lines("a\nb\n"), lines(" b\n\nc")) == 0.5
    assert likeness(lines(""), lines("")) == 0


def test_a_cell_before_an_answer_without_marks_stays_before_it():
    def change(nb):
        i = where(nb, "gradient")
        nb.cells[i].metadata, nb.cells[i].id = {}, "x"
        nb.cells.insert(i, new_code_cell("a = 1"))

    assert own_of(rebuilt(change)[0]) == [("a = 1", "gradient")]


def test_wrapping_an_answer_that_stands_in_another_cell_does_not_replace_it():
    def change(nb):
        cell, other = (nb.cells[where(nb, k)] for k in ("sigmoid", "gradient"))
        other.source = cell.source + "\n\n" + other.source
        cell.source = source(RELEASED[FIRST], "sigmoid")
        nb.cells.append(new_code_cell("sigmoid = torch.jit.script(sigmoid)"))

    result, _, answers = rebuilt(change)
    assert answers["sigmoid"] in source(result, "sigmoid")


def test_a_late_import_of_what_the_set_up_imports_stays_where_it_is():
    def change(nb):
        nb.cells[where(nb, "sigmoid")].source = "def sigmoid(z):\n    return math.exp(z)"
        nb.cells.append(new_code_cell("import math\nfit"))

    assert own_of(rebuilt(change)[0]) == [("import math\nfit", None)]


def test_code_that_carries_the_id_of_a_text_is_the_students_own():
    def change(nb):
        text_id = nb.cells[2].id
        nb.cells = [c for c in nb.cells if c.id != text_id]
        nb.cells.insert(2, new_code_cell("a = 1", id=text_id))

    assert [s for s, _ in own_of(rebuilt(change)[0])] == ["a = 1"]


MINE = "def sigmoid(z):\n    return 1 / (1 + torch.exp(-z))"
FENCED = {
    "fence": f"My answer:\n\n```python\n{MINE}\n```\n\nI hope so.",
    "tildes, never closed": f"~~~py\n{MINE}",
    "no language": f"```\n{MINE}\n```",
    "two fences": f"```python\nimport math\n```\nand\n```python\n{MINE}\n```",
    "as it is": MINE,
}


def left_as_text(nb, text):
    cell = nb.cells[where(nb, "sigmoid")]
    cell.source, cell.cell_type = text, "markdown"
    cell.pop("outputs", None)
    cell.pop("execution_count", None)


@pytest.mark.parametrize("text", FENCED)
def test_an_answer_left_as_text_in_its_place_is_taken_and_flagged(text):
    result, flags, _ = rebuilt(lambda nb: left_as_text(nb, FENCED[text]))
    assert source(result, "sigmoid").strip().endswith(MINE)
    assert [(f.kind, f.answer) for f in flags] == [("answer in text", "sigmoid")]
    assert result.cells[where(result, "sigmoid")].cell_type == "code"
    prose = [c.source.strip() for c in result.cells if c.id.startswith("own-")]
    assert prose == ([] if text == "as it is" else [FENCED[text]])


def test_an_answer_in_a_text_beside_the_untouched_hole_is_taken_and_flagged():
    def change(nb):
        i = where(nb, "sigmoid")
        nb.cells[i] = copy.deepcopy(RELEASED[FIRST].cells[i])
        nb.cells.insert(i + 1, new_markdown_cell(FENCED["fence"]))

    result, flags, _ = rebuilt(change)
    assert source(result, "sigmoid").strip() == MINE
    assert [(f.kind, f.answer) for f in flags] == [("answer in text", "sigmoid")]


@pytest.mark.parametrize(
    "text",
    [
        f"First I had\n\n```python\n{MINE}\n```",  # a note: the answer is code, and counts
        f"```bash\n{MINE}\n```",
        "```python\nprint('sigmoid')\n```",
    ],
)
def test_a_text_takes_the_place_of_no_code(text):
    result, flags, answers = rebuilt(lambda nb: nb.cells.append(new_markdown_cell(text)))
    assert source(result, "sigmoid") == answers["sigmoid"]
    assert flags == []


def test_what_a_released_text_shows_in_a_fence_is_no_answer():
    released = copy.deepcopy(RELEASED[FIRST])
    i = where(released, "sigmoid")
    released.cells.insert(i, new_markdown_cell(FENCED["fence"]))
    submitted = copy.deepcopy(released)
    submitted.cells[i].source += "\n\nI do not get this."
    result, flags = rebuild(submitted, released)
    assert source(result, "sigmoid") == source(released, "sigmoid")
    assert flags == []
