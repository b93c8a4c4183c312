"""An exchange has one deadline, however its bytes come; what an answer causes is the answer's."""

import socket
import threading
import time

import pytest
from nbformat.v4 import new_code_cell

from course.grading.records import CheckResult, Job, Outcome, Record
from course.grading.run import judge, trial
from course.grading.run.crew import machine_failed
from course.grading.run.running import Base
from course.grading.sandbox.bridge.channel import Channel, Dripping, Forged, TimedOut


def dripping(data: bytes, every: float) -> socket.socket:
    """A socket on which these bytes come one after the other, so many seconds apart."""
    mine, theirs = socket.socketpair()

    def send() -> None:
        for byte in data:
            try:
                theirs.sendall(bytes([byte]))
            except OSError:
                return
            time.sleep(every)

    threading.Thread(target=send, daemon=True).start()
    return mine


def test_a_dripping_message_has_one_deadline():
    channel = Channel(dripping((1000).to_bytes(8, "big") + b"\xc0" * 1000, 0.02))
    begun = time.monotonic()
    with pytest.raises(Dripping), channel.within(0.5):
        channel.receive()
    assert time.monotonic() - begun < 5
    channel.end.close()


def listen(channel: Channel) -> None:
    while True:
        assert channel.receive() is None


def test_messages_that_follow_each_other_share_a_deadline():
    whole = (1).to_bytes(8, "big") + b"\xc0"
    channel = Channel(dripping(whole * 1000, 0.005))
    begun = time.monotonic()
    with pytest.raises(TimedOut), channel.within(0.5):
        listen(channel)
    assert time.monotonic() - begun < 5
    channel.end.close()


def test_silence_is_no_dripping_and_an_inner_deadline_is_no_longer_one():
    mine, theirs = socket.socketpair()
    channel = Channel(mine)
    begun = time.monotonic()
    with channel.within(0.3), channel.within(60), pytest.raises(TimedOut) as caught:
        channel.receive()
    assert time.monotonic() - begun < 5
    assert type(caught.value) is TimedOut
    Channel(theirs).send(1)
    assert channel.receive() == 1  # and afterwards there is none
    mine.close(), theirs.close()


def test_who_does_not_listen_is_given_up():
    mine, theirs = socket.socketpair()
    channel = Channel(mine)
    with pytest.raises(TimedOut), channel.within(0.3):
        channel.send(b"1" * 10_000_000)
    mine.close(), theirs.close()


class FakeZygote:
    """Its guests fail at the cell whose source says how."""

    def __init__(self) -> None:
        self.begun: list[str] = []

    def start(self) -> "FakeZygote":
        return self

    def run(self, source: str, seconds: float) -> list:
        self.begun.append(source)
        if source in KINDS:
            raise KINDS[source]("")
        return []

    def stop(self) -> int:
        return 0


KINDS = {"drips": Dripping, "forges": Forged, "hangs": TimedOut}


@pytest.mark.parametrize(("source", "times", "how"), [("drips", 1, "long"), ("forges", 1, "forged"), ("hangs", 1, "long")])  # fmt: skip
def test_a_cell_that_drips_forges_or_hangs_is_not_tried_twice(source, times, how):
    cells = [new_code_cell("x = 1", id="own-1"), new_code_cell(source, id="own-2")]
    job = Job("01", "ada", {"cells": cells}, {}, (), {}, ())
    zygote = FakeZygote()
    one = trial.Trial(job, Base(zygote, {}, set(), {}))
    one.run()
    assert zygote.begun.count(source) == times
    assert one.lost == {"own-2": how}


def test_a_submission_past_all_limits_keeps_what_it_had_earned_and_is_not_tried_again(monkeypatch):
    job = Job(
        "01", "ada", {"cells": []}, {}, (), {"a-check": 2, "b-check": 3}, (), total_timeout=0.2
    )

    class Endless:
        def __init__(self, job, base, note) -> None:
            self.note = note

        def run(self) -> Outcome:
            self.note(Outcome({}, Record(checks={"a-check": CheckResult("passed", 2)})))
            time.sleep(60)
            return Outcome()

    monkeypatch.setattr(judge, "Trial", Endless)
    monkeypatch.setattr(judge, "_base", lambda job, unsafe: None)
    monkeypatch.setattr(judge, "SLACK", 0.5)
    begun = time.monotonic()
    outcome = judge.grade(job)
    assert time.monotonic() - begun < 20
    states = {k: c.state for k, c in outcome.record.checks.items()}
    assert states == {"a-check": "passed", "b-check": "lost"}
    assert outcome.record.checks["b-check"].message
    assert [f.kind for f in outcome.record.flags] == ["killed"]
    assert not machine_failed(outcome)
