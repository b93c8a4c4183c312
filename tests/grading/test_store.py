"""An outcome comes back as it went in, under a name that changes with all that it hangs on."""

from dataclasses import replace

import pytest

from course.grading.records import CheckResult, Flag, Job, Outcome, Record
from course.grading.run.store import Store, code, environment, plain

JOB = Job(
    assignment="01-a",
    student="ada",
    notebook={"cells": [{"cell_type": "code", "id": "f", "source": "def f(): ..."}]},
    checks={"f-check": "SEED = 5\nassert f() == SEED"},
    hidden=(),
    points={"f-check": 1.0},
    asked=("f",),
)
OUTCOME = Outcome(
    {"f": [{"output_type": "stream", "name": "stdout", "text": "größer\n"}]},
    Record(
        checks={"f-check": CheckResult("failed", 1.0, "no", 0.25)},
        flags=[Flag("killed", "it ended", "f")],
        seconds=1.5,
        restarts=1,
        memory=10**9,
    ),
)
CHANGES = {
    "student": "bao",
    "assignment": "02-b",
    "notebook": {"cells": []},
    "checks": {"f-check": "SEED = 6\nassert f() == SEED"},
    "hidden": ("f-check",),
    "points": {"f-check": 2.0},
    "asked": ("g",),
    "timeout": 31.0,
    "total_timeout": 301.0,
    "wanted": (("dgm.logistic", "sigmoid"),),
    "secret": "another",
}


def test_an_outcome_comes_back_equal(tmp_path):
    store = Store(tmp_path / "new", "here")
    assert store.get(JOB) is None
    store.put(JOB, OUTCOME)
    assert Store(tmp_path / "new", "here").get(JOB) == OUTCOME
    assert store.get(replace(JOB, student="bao")) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"outputs": {}, "record": {"x": 1}}', '{"outputs": {}, "record": {"checks": 3}}'])  # fmt: skip
def test_a_damaged_file_is_none(tmp_path, text):
    store = Store(tmp_path, "here")
    store.put(JOB, OUTCOME)
    store.path(JOB).write_text(text)
    assert store.get(JOB) is None
    store.put(JOB, OUTCOME)
    assert store.get(JOB) == OUTCOME


def test_no_part_is_left_beside_an_outcome(tmp_path):
    Store(tmp_path, "here").put(JOB, OUTCOME)
    assert [p.suffix for p in tmp_path.iterdir()] == [".json"]


@pytest.mark.parametrize("field", sorted(set(CHANGES) - {"points"}))
def test_each_field_of_a_job_but_its_points_lets_it_be_run_again(tmp_path, field):
    store = Store(tmp_path, "here")
    store.put(JOB, OUTCOME)
    assert store.get(JOB) == OUTCOME
    changed = replace(JOB, **{field: CHANGES[field]})
    assert store.look(changed) == (None, changed)


def test_points_alone_are_set_right(tmp_path):
    store = Store(tmp_path, "here")
    store.put(JOB, OUTCOME)
    got = store.get(replace(JOB, points={"f-check": 2.0}))
    assert got.record.checks["f-check"] == replace(OUTCOME.record.checks["f-check"], points=2.0)


def test_every_field_is_tried():
    assert set(CHANGES) == set(Job.__dataclass_fields__)


def test_an_outcome_hangs_on_the_environment_too(tmp_path):
    Store(tmp_path, "here").put(JOB, OUTCOME)
    assert Store(tmp_path, "there").get(JOB) is None


def test_code_is_what_grades(tmp_path):
    graders = (
        "dgm/a.py", "dgm/exact/a.py", "dgm/exact/deep/a.py", "dgm/zoo/weights/vae.json",
        "dgm/zoo/weights/vae.safetensors", "course/b.py", "course/grading/c.py", "course/grading/run/c.py",
    )  # fmt: skip
    others = ("book/d.py", "dgm/exact/__pycache__/a.cpython-311.pyc")
    for place in (*graders, *others):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("x = 1\n")

    def changed(place, text, without=()):
        before = code.__wrapped__(tmp_path, without)
        (tmp_path / place).write_text(text)
        return code.__wrapped__(tmp_path, without) != before

    assert [place for place in graders if not changed(place, "x = 2\n")] == []
    assert [place for place in others if changed(place, "x = 2\n")] == []
    alone = [place for place in graders if not changed(place, "x = 3\n", ("dgm",))]
    assert alone == ["dgm/a.py", "dgm/exact/a.py", "dgm/exact/deep/a.py"]
    assert "torch=" in environment()


def test_half_a_surrogate_can_be_stored(tmp_path):
    store = Store(tmp_path, "here")
    odd = replace(OUTCOME, outputs={"f": [{"output_type": "stream", "text": "\ud800"}]})
    store.put(JOB, odd)
    assert store.get(JOB).outputs["f"][0]["text"] == "?"
    assert plain({"a": ("\udfff", 1, None)}) == {"a": ["?", 1, None]}
