"""What comes from the judge is read as data: nothing of it runs, and nothing of it is believed."""

import json
import os
import pickle
import socket
from multiprocessing import Pipe

import pytest

from course.grading.records import CheckResult, Flag, Job, Outcome, Record
from course.grading.run import judge, outcomes
from course.grading.run.worker import Died, Worker
from course.grading.sandbox.zygote import Zygote

JOB = Job("01-a", "ada", {"cells": []}, {"f-check": "f()"}, (), {"f-check": 2.0}, ("f",))
STREAM = {"output_type": "stream", "name": "stdout", "text": "a\ud800\n"}
OUTCOME = Outcome(
    {"f": [STREAM]},
    Record(
        {"f-check": CheckResult("passed", 2.0, "\ny", 0.5, "in vain", ["f"])},
        [Flag("killed", "it did")],
        {"own-1": "NameError: x"},
        memory=7,
    ),
)


class Bomb:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_an_outcome_comes_back_as_it_was():
    assert b"\n" not in outcomes.written(OUTCOME)
    assert outcomes.read(outcomes.written(OUTCOME), JOB) == OUTCOME


def changed(**more) -> bytes:
    data = json.loads(outcomes.written(OUTCOME))
    check = data["record"]["checks"]["f-check"]
    for name, value in more.items():
        for place in (check, data["record"], data["record"]["flags"][0], data):
            if name in place:
                place[name] = value
                break
    return json.dumps(data).encode()


def test_points_are_the_jobs():
    assert outcomes.read(changed(points=1e9), JOB) == OUTCOME


def test_outputs_are_of_known_kinds():
    html = {"output_type": "display_data", "data": {"text/html": "<script>", "text/plain": "x"}}
    bad = {"f": [html, {"output_type": "update"}, 7], "g": "no list"}
    shown = {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}}
    assert outcomes.read(changed(outputs=bad), JOB).outputs == {"f": [shown], "g": []}


@pytest.mark.parametrize("text", [
    b"", b"{}", b"[]", b"7", b"\xff", b"[" * 10**6, pickle.dumps(OUTCOME),
    changed(state="excellent"), changed(state=["passed"]), changed(message=7), changed(seconds=1e999),
    changed(checks={"g-check": {}}), changed(checks=[]), changed(flags=[7]), changed(flags={}),
    changed(kind=None), changed(memory="much"), changed(restarts=True), changed(outputs=[]),
    changed(record=None), changed(reason={}),
])  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="no outcome"):
        outcomes.read(text, JOB)


def test_long_texts_are_cut():
    assert (
        len(outcomes.read(changed(message="x" * 10**7), JOB).record.checks["f-check"].message)
        < 10**6
    )
    assert len(outcomes.read(changed(flags=[{"kind": "a", "text": "b", "answer": ""}] * 10**5), JOB).record.flags) < 10**4  # fmt: skip


def test_no_pickle_of_a_worker_is_opened(tmp_path):
    class Running:
        def poll(self):
            return None

    worker = object.__new__(Worker)
    worker.link, theirs = Pipe()
    worker.process = Running()
    for text in (
        pickle.dumps(Bomb(tmp_path / "a")),
        b"done\n" + pickle.dumps(Bomb(tmp_path / "a")),
    ):
        theirs.send_bytes(text)
        with pytest.raises(Died):
            worker.run(JOB)
    assert list(tmp_path.iterdir()) == []


def test_a_zygote_that_was_asked_behind_our_back_is_not_used_again():
    class Running:
        def poll(self):
            return None

    zygote = object.__new__(Zygote)
    zygote.process = Running()
    zygote.control, theirs = socket.socketpair()
    assert zygote.idle()
    theirs.send(b'{"pid": 7}')
    assert not zygote.idle()


def test_no_pickle_of_a_judge_is_opened(tmp_path, monkeypatch):
    class Taken:
        def __init__(self, *_):
            pass

        def run(self):
            return pickle.dumps(Bomb(tmp_path / "a"))

    monkeypatch.setattr(judge, "Trial", Taken)
    monkeypatch.setattr(judge, "_base", lambda job, unsafe: None)
    monkeypatch.setattr(outcomes, "written", lambda text: text)
    with pytest.raises(RuntimeError, match="the judge failed"):
        judge.grade(JOB, unsafe=True)
    assert list(tmp_path.iterdir()) == []
