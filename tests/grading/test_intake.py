"""What was handed in is read without being trusted, or refused with a reason."""

import json
import os
import time
import tracemalloc
from datetime import UTC, datetime, timedelta

import nbformat
import pytest

from course.grading.intake.notebook import MOST_CELLS
from course.grading.intake.receive import CAP, LEDGER, receive

NAME = "01-x"
MINE = "def sigmoid(z):\n    return 1"


def notebook(source=MINE, **more):
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": [],
            "execution_count": None}  # fmt: skip
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell | more]}


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "submitted" / "ada" / NAME
    place.mkdir(parents=True)
    return place


def put(folder, content, name=f"{NAME}.ipynb"):
    path = folder / name
    content = content if isinstance(content, bytes | str) else json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def cells(received):
    assert received.reason == ""
    made = nbformat.from_dict(json.loads(received.text))
    nbformat.validate(made)
    return made.cells


def kinds(received):
    return [f.kind for f in received.flags]


def test_a_notebook_is_received(folder):
    put(folder, notebook())
    got = receive(folder, NAME)
    assert [c.source for c in cells(got)] == [MINE]
    assert got.flags == []


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b": ", b":\r\n"),
        lambda raw: raw.replace(b'"execution_count": null', b'"execution_count": NaN'),
        lambda raw: raw.replace(b'"nbformat": 4, "nbformat_minor": 5, ', b""),
        lambda raw: raw.replace(b'"nbformat": 4', b'"nbformat": "4"'),
        lambda raw: raw.replace(b'"id": "a", ', b""),
        lambda raw: raw.replace(b'"metadata": {}', b'"metadata": null'),
        lambda raw: raw.replace(b'"cells": [', b'"cells": [7, null, "x", '),
        lambda raw: raw.replace(b'"a"', b'"no good id!"'),
    ],
)
def test_oddities_cost_nothing(folder, change):
    raw = json.dumps(notebook()).encode()
    assert change(raw) != raw
    put(folder, change(raw))
    assert [c.source for c in cells(receive(folder, NAME))] == [MINE]


@pytest.mark.parametrize(
    "old",
    [
        {"nbformat": 3, "worksheets": [{"cells": [
            {"cell_type": "heading", "level": 1, "source": "T"},
            {"cell_type": "code", "language": "python", "input": [MINE], "outputs": []}]}]},
        {"nbformat": 2, "worksheets": [{"cells": [
            {"cell_type": "markdown", "source": "T"}, {"cell_type": "code", "input": MINE}]}]},
        {"nbformat": 1, "cells": [
            {"cell_type": "text", "text": "T"}, {"cell_type": "code", "code": MINE}]},
    ],
)  # fmt: skip
def test_old_formats_are_read(folder, old):
    put(folder, old)
    got = [(c.cell_type, c.source) for c in cells(receive(folder, NAME))]
    assert got == [("markdown", "T"), ("code", MINE)]


def test_only_texts_and_marks_are_let_in(folder):
    data = notebook(
        ["a\n", 7, "b"],
        metadata={"nbgrader": {"grade_id": "sigmoid", "points": 1e9}, "tags": ["x", 3], "evil": 1},
        outputs=[{"output_type": "stream", "text": "x" * 10**6}],
        attachments={"a.png": {}},
    )
    data["cells"] *= 2
    data["metadata"] = {"kernelspec": {"name": "evil"}}
    put(folder, data)
    got = receive(folder, NAME)
    one, two = cells(got)
    assert (one.source, one.outputs, one.id) == ("a\nb", [], "a")
    assert one.metadata == {"nbgrader": {"grade_id": "sigmoid"}, "tags": ["x"]}
    assert two.id != one.id
    assert json.loads(got.text)["metadata"] == {}
    assert len(got.text) < 1000


def test_halves_of_signs_and_nulls_do_not_come_through(folder):
    put(folder, json.dumps(notebook("a\ud800b\0c")))
    (cell,) = cells(receive(folder, NAME))
    assert cell.source == "a?bc"


WHOLE = {
    "a byte that is no UTF-8, in an output": (
        lambda raw: raw.replace(b'"outputs": []', b'"outputs": ["\xff"]'), ["damaged file"]),
    "UTF-16": (lambda raw: raw.decode().encode("utf-16"), []),
    "UTF-16 without a mark": (lambda raw: raw.decode().encode("utf-16-le"), []),
    "a number as long as a page": (lambda raw: raw.replace(b"null", b"9" * 5000), []),
    "a control sign in a text": (lambda raw: raw.replace(b'"outputs": []', b'"outputs": ["\x01\t"]'), []),
    "no text where it should be, and one of an older format": (
        lambda raw: raw.replace(b'"source"', b'"source": null, "input"'), []),
    "empty worksheets": (lambda raw: raw.replace(b'"nbformat": 4', b'"nbformat": 4, "worksheets": [null]'), []),
    "no cells, but worksheets, one of them none": (
        lambda raw: b'{"cells": [], "worksheets": [{"cells": 5}, ' + raw + b"]}", []),
    "cells twice, then empty": (lambda raw: raw[:-1] + b', "cells": []}', ["repeated key"]),
    "a text twice, the first one junk": (
        lambda raw: raw.replace(b'"source"', b'"source": "junk", "source"'), ["repeated key"]),
}  # fmt: skip


@pytest.mark.parametrize("which", WHOLE)
def test_what_stands_whole_in_a_damaged_file_is_kept(folder, which):
    damage, flags = WHOLE[which]
    raw = json.dumps(notebook()).encode()
    assert damage(raw) != raw
    put(folder, damage(raw))
    got = receive(folder, NAME)
    assert [c.source for c in cells(got)] == [MINE]
    assert kinds(got) == flags


BROKEN = {
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "cut short": (json.dumps(notebook()).encode()[:-20], "not JSON"),
    "merge conflict": (b"<<<<<<< HEAD\n{}", "not JSON"),
    "deep": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "deep in a cell": (b'{"cells": [{"metadata": ' + b'{"a":' * 90_000 + b"1", "nested too deeply"),
    "millions of lists": (b'{"cells": [' + b"[]," * 2_100_000 + b"1]}", "over 2,000,000 lists"),
    "a list": (b"[1, 2]", "no notebook"),
    "a number": (b"NaN", "no notebook"),
    "no cells": (b'{"nbformat": 4}', "no notebook"),
    "cells are no list": (b'{"cells": {"a": 1}}', "no notebook"),
    "from the future": (b'{"nbformat": 5, "cells": []}', "format 5"),
    "too many cells": (json.dumps({"cells": [{}] * (MOST_CELLS + 1)}).encode(), "1,001 cells"),
}


@pytest.mark.parametrize("which", BROKEN)
def test_what_cannot_be_read_is_refused_with_its_reason(folder, which):
    content, words = BROKEN[which]
    put(folder, content)
    got = receive(folder, NAME)
    assert words in got.reason
    assert (got.text, kinds(got)) == ("", ["ungradable"])
    assert datetime.fromisoformat(got.received).tzinfo


def test_a_file_of_two_gigabytes_costs_nothing(folder):
    with open(folder / f"{NAME}.ipynb", "wb") as file:
        file.truncate(2 * 2**30)
    tracemalloc.start()
    start = time.process_time()
    got = receive(folder, NAME)
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "2,048 MB, at most 50" in got.reason
    assert peak < 2**20
    assert seconds < 1


def test_the_cap_is_kept_even_where_the_size_says_nothing(folder, monkeypatch):
    put(folder, notebook("x" * 3000))
    assert "at most" in receive(folder, NAME, cap=2000).reason
    assert receive(folder, NAME, cap=5000).reason == ""

    real = os.fstat

    def shrunk(number):  # as of a file that grows while it is read
        state = real(number)
        return os.stat_result([*state[:6], 10, *state[7:]]) if state.st_size > 2000 else state

    monkeypatch.setattr("course.grading.intake.receive.os.fstat", shrunk)
    assert "at most" in receive(folder, NAME, cap=2000).reason


def test_a_saved_run_with_thirty_megabytes_of_output_is_read(folder):
    put(
        folder,
        notebook(outputs=[{"output_type": "stream", "text": "[{" * 2**9 + "x" * 30 * 2**20}]),
    )
    assert CAP > 31 * 2**20
    assert [c.source for c in cells(receive(folder, NAME))] == [MINE]


# --- which file ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mine.ipynb", "01-x (1).ipynb", "01-x.ipynb.txt", "A.IPYNB.json"])
def test_a_lone_notebook_of_another_name_is_taken_and_flagged(folder, name):
    put(folder, notebook(), name)
    put(folder, notebook("junk"), "._mine.ipynb")
    got = receive(folder, NAME)
    assert [c.source for c in cells(got)] == [MINE]
    assert kinds(got) == ["renamed"]
    assert name in got.flags[0].text


def test_of_several_the_one_of_the_right_name_is_taken(folder):
    put(folder, notebook())
    put(folder, notebook("other"), "a.ipynb")
    got = receive(folder, NAME)
    assert [c.source for c in cells(got)] == [MINE]
    assert kinds(got) == ["unexpected file"]


def test_of_several_of_other_names_none_is_taken(folder):
    put(folder, notebook(), "a.ipynb")
    put(folder, notebook(), "b.ipynb")
    assert "2 notebooks (a.ipynb, b.ipynb)" in receive(folder, NAME).reason


def test_no_notebook(folder):
    assert "got nothing" in receive(folder, NAME).reason
    put(folder, b"%PDF", "hw.pdf")
    assert "wanted 01-x.ipynb, got hw.pdf" in receive(folder, NAME).reason


def test_other_files_are_left_out_and_named(folder):
    put(folder, notebook())
    for name in ("notes.txt", "dgm.py", "sitecustomize.py", ".DS_Store", "torch.cpython-311.so"):
        put(folder, b"x", name)
    for name in ("dgm", "__pycache__", ".ipynb_checkpoints", "pictures"):
        (folder / name).mkdir()
    got = receive(folder, NAME)
    assert kinds(got) == ["shadows the package", "unexpected file"]
    said = [f.text for f in got.flags]
    assert "dgm, dgm.py, sitecustomize.py, torch.cpython-311.so" in said[0]
    assert "notes.txt, pictures" in said[1]


def test_names_in_flags_can_be_shown(folder):
    put(folder, notebook())
    put(folder, b"", "a\n\x1b[2J" + "b" * 200)
    (flag,) = receive(folder, NAME).flags
    assert flag.text.isprintable()
    assert len(flag.text) < 120


# --- links, pipes, devices -------------------------------------------------------------------


def test_links_are_not_followed(folder, tmp_path):
    secret = put(tmp_path, notebook("secret"), "elsewhere.ipynb")
    (folder / f"{NAME}.ipynb").symlink_to(secret)
    assert "is a link" in receive(folder, NAME).reason


def test_a_hard_link_is_not_taken(folder, tmp_path):
    os.link(put(tmp_path, notebook("secret"), "elsewhere.ipynb"), folder / f"{NAME}.ipynb")
    assert "hard link" in receive(folder, NAME).reason


@pytest.mark.parametrize("level", ["student", "assignment"])
def test_folders_that_are_links_are_not_followed(tmp_path, level):
    elsewhere = tmp_path / "elsewhere" / NAME
    elsewhere.mkdir(parents=True)
    put(elsewhere, notebook("secret"))
    student = tmp_path / "submitted" / "eve"
    if level == "student":
        student.parent.mkdir()
        student.symlink_to(elsewhere.parent)
    else:
        student.mkdir(parents=True)
        (student / NAME).symlink_to(elsewhere)
    got = receive(student / NAME, NAME)
    assert "is a link" in got.reason
    assert kinds(got) == ["ungradable"]


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / f"{NAME}.ipynb")
    os.mkfifo(folder / "timestamp.txt")
    got = receive(folder, NAME)
    assert "is no file" in got.reason
    assert kinds(got) == ["ungradable", "forged time stamp"]


def test_a_folder_called_like_the_notebook(folder):
    (folder / f"{NAME}.ipynb").mkdir()
    assert "is no file" in receive(folder, NAME).reason


def test_no_folder(tmp_path):
    assert "cannot be read" in receive(tmp_path / "nobody" / NAME, NAME).reason


# --- when it came ----------------------------------------------------------------------------


def age(path, **ago):
    when = datetime.now(UTC).replace(microsecond=0) - timedelta(**ago)
    os.utime(path, (when.timestamp(), when.timestamp()))
    return when


def test_the_files_own_time_counts_without_a_ledger(folder):
    when = age(put(folder, notebook()), days=3)
    assert datetime.fromisoformat(receive(folder, NAME).received) == when


@pytest.mark.parametrize(
    ("stamp", "flagged"),
    [
        (lambda t: t - timedelta(days=9), True),
        (lambda t: t - timedelta(minutes=1), False),
        (lambda t: t + timedelta(hours=1), False),  # later than the file: nbgrader's own exchange
        (lambda t: t + timedelta(days=400), True),
        (lambda t: "last week", True),
        (lambda t: "9" * 900, True),
        (lambda t: "x" * 2000, True),
    ],
)
def test_a_students_time_stamp_never_counts(folder, stamp, flagged):
    when = age(put(folder, notebook()), days=3)
    said = stamp(when)
    put(
        folder,
        said if isinstance(said, str) else f"{said:%Y-%m-%d %H:%M:%S.%f} UTC",
        "timestamp.txt",
    )
    got = receive(folder, NAME)
    assert datetime.fromisoformat(got.received) == when
    assert kinds(got) == ["forged time stamp"] * flagged


def test_the_ledger_counts_while_the_file_is_the_one_it_is_about(folder):
    from hashlib import sha256

    path = put(folder, notebook())
    entry = {
        "received": "2026-01-02T03:04:05+00:00",
        "digest": sha256(path.read_bytes()).hexdigest(),
    }
    ledger = folder.parent.parent / LEDGER
    ledger.write_text(json.dumps({NAME: {"ada": entry | {"late": "late, it says"}}}))
    when = age(path, days=3)
    got = receive(folder, NAME)
    assert got.received == entry["received"]
    assert kinds(got) == ["late"]
    put(folder, notebook("newer"))
    when = age(path, days=1)
    assert datetime.fromisoformat(receive(folder, NAME).received) == when
    ledger.write_text("broken")
    assert datetime.fromisoformat(receive(folder, NAME).received) == when


def test_the_ledger_says_why_there_is_no_notebook(folder):
    ledger = folder.parent.parent / LEDGER
    noted = {"received": "2026-01-02T03:04:05+00:00", "reason": "it was encrypted"}
    ledger.write_text(json.dumps({NAME: {"ada": noted}}))
    got = receive(folder, NAME)
    assert (got.reason, got.received) == ("it was encrypted", noted["received"])
