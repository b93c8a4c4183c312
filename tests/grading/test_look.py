"""A check is asked with nothing changed by the answer, and then once more to look at the changes."""

import os
import socket

import pytest
import torch
from torch import nn

from course.grading.records import Job
from course.grading.run.running import Base
from course.grading.run.trial import Trial
from course.grading.sandbox.bridge.channel import Channel
from course.grading.sandbox.bridge.peer import Peer


def double(x):
    return 2 * x


def double_in_place(x):
    x *= 2
    return x.clone()


def zero(x):
    x.zero_()
    return 0 * x


def spoils(model, x):
    """Wrong, unless the model's weights are 0."""
    with torch.no_grad():
        model.weight.zero_()
    return x.sum() * 0


def loss(model, x):
    return model(x).square().sum()


def spoils_and_is_right(model, x):
    found = loss(model, x)
    with torch.no_grad():
        model.weight.zero_()
    return found.detach()


STUDENT = {k: v for k, v in globals().items() if callable(v)}
LOOKS = "x = torch.ones(3)\nassert answer(x).sum() == 6, 'wrong'\nassert x.sum() == 3, 'changed'"
BLIND = "x = torch.ones(3)\ngot = answer(x)\nassert torch.equal(got, 2 * x), 'wrong'"
MODULE = (
    "model, x = nn.Linear(3, 1, bias=False), torch.ones(3)\n"
    "got, wanted = answer(model, x), model(x).square().sum()\n"
    "assert torch.allclose(got, wanted), 'wrong'\n"
    "assert model.weight.any(), 'changed'"
)


def verdict(source: str, answer: str, hidden: bool) -> tuple[str, str]:
    """What a check says of an answer that lives in another process."""
    mine, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        mine.close()
        try:
            more = True
            while more:
                more = Peer(Channel(theirs), "guest", STUDENT.__getitem__).serve()
        finally:
            os._exit(0)
    theirs.close()
    source = source.replace("answer(", f"{answer}(")
    ids = ("a-check",)
    job = Job("00", "ada", {"cells": []}, {"a-check": source}, ids if hidden else (),
              {"a-check": 1.0}, tuple(STUDENT))  # fmt: skip
    trial = Trial(job, Base(None, {"torch": torch, "nn": nn}, set(), {}))  # type: ignore[arg-type]
    channel = Channel(mine)
    try:
        result = trial._one("a-check", "a", channel)
        channel.tell("over")
    finally:
        mine.close()
        os.waitpid(child, 0)
    return result.state, result.message


@pytest.mark.parametrize(
    ("source", "answer", "hidden", "wanted"),
    [
        (LOOKS, "double", False, ("passed", "")),
        (LOOKS, "double_in_place", False, ("failed", "changed")),  # as at home
        (LOOKS, "zero", False, ("failed", "wrong")),
        (BLIND, "zero", False, ("failed", "wrong")),  # at home 2 * 0 is 0
        (BLIND, "zero", True, ("failed", "wrong")),
        (BLIND, "double", True, ("passed", "")),
        (MODULE, "loss", True, ("passed", "")),
        (MODULE, "spoils", False, ("failed", "wrong")),
        (MODULE, "spoils", True, ("failed", "wrong")),
        (MODULE.replace("wanted = answer(model, x), model(x).square().sum()",
                        "wanted = answer(model, x), None").replace("allclose(got, wanted)", "is_tensor(got)"),
         "spoils_and_is_right", True, ("failed", "changed")),
    ],
)  # fmt: skip
def test_what_a_check_says(source, answer, hidden, wanted):
    assert verdict(source, answer, hidden) == wanted
