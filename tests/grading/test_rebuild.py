"""Damaged notebooks are put together again: each answer in its cell, all else as released."""

import copy
import itertools
import random

import pytest
from damage import (
    BLIND,
    DAMAGES,
    RELEASED,
    all_answers_in_one_cell,
    answered,
    expect_sound,
    holes_after_the_answers,
    holes_before_the_answers,
    magics_in_the_answers,
    older_tries_before,
    reversed_order,
    shuffled,
)

from course.grading.intake.pieces import normal
from course.grading.intake.rebuild import rebuild
from course.paths import assignments


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.__name__)
@pytest.mark.parametrize("name", assignments())
def test_damage_costs_no_answer(name, damage):
    for which in range(2):
        submitted, answers = answered(name, which)
        damage(submitted, random.Random(which))
        before = copy.deepcopy(RELEASED[name])
        result, _ = rebuild(submitted, RELEASED[name])
        assert RELEASED[name] == before, "the released notebook was changed"
        expect_sound(result, name)
        held = {c.id: c.source for c in result.cells}
        for answer, source in answers.items():
            if damage is all_answers_in_one_cell:
                assert normal(source) in normal(held[answer])
            elif damage is magics_in_the_answers:
                assert held[answer] == "%matplotlib inline\n!pip list\n" + source
            else:
                assert normal(held[answer]) == normal(source), answer


ORDER = {older_tries_before, holes_after_the_answers, holes_before_the_answers}
PAIRS = [
    (one, two)
    for one, two in itertools.product(DAMAGES, BLIND)
    if one not in (all_answers_in_one_cell, magics_in_the_answers, two)
    and not (one in ORDER and two in (shuffled, reversed_order))  # then none is the last
]


@pytest.mark.parametrize("name", assignments())
def test_two_damages_at_once_cost_no_answer(name):
    rng = random.Random(0)
    for one, two in rng.sample(PAIRS, 40):
        submitted, answers = answered(name, rng.randrange(9))
        one(submitted, rng)
        for cell in submitted.cells:
            cell["source"] = "".join(cell.source)
        two(submitted, rng)
        result, _ = rebuild(submitted, RELEASED[name])
        expect_sound(result, name)
        held = {c.id: c.source for c in result.cells}
        wrong = [a for a, s in answers.items() if normal(held[a]) != normal(s)]
        assert not wrong, (one.__name__, two.__name__)
