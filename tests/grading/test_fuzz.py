"""Both fuzzers: a hundredth of their whole length, and a tenth before a release; `fuzz.py` has the whole."""

import secrets

import fuzz
import pytest


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "submitted" / "ada" / "x"
    place.mkdir(parents=True)
    return place


def test_a_hundred_damaged_notebooks_keep_their_answers(folder):
    assert fuzz.notebooks(100, 0, folder) >= 100


def test_a_judge_survives_a_thousand_messages():
    assert fuzz.messages(1000, 0) >= 1000


@pytest.mark.slow
def test_a_tenth_of_both_long_runs():
    fuzz.main(1000, 10_000, secrets.randbelow(10_000))
