"""Replays of searches that are told what to try."""

import numpy as np

from autodistill.recommend.choice import judge
from autodistill.recommend.models import MODELS
from benchmarks.warm_start import Replay, replay, warm_start
from tests.recommend.planted import planted

SCORES = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.9])
OWN = [0, 1, 2, 3, 4, 5]


def test_a_good_suggestion_has_the_second_turn() -> None:
    assert replay(SCORES, [5], OWN, goal=0.9, looks=None) == Replay(2, False)


def test_suggestions_and_own_draws_take_turns_and_nothing_is_tried_twice() -> None:
    assert replay(SCORES, [0, 1], OWN, goal=0.5, looks=None) == Replay(5, False)
    assert replay(SCORES, [], OWN, goal=0.9, looks=None) == Replay(6, False)


def test_suggestions_that_are_behind_at_the_first_look_are_dropped() -> None:
    scores, own = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9]), [4, 5, 6, 7]

    assert replay(scores, [0, 1, 2, 3], own, goal=0.9, looks=scores) == Replay(6, True)
    assert replay(scores, [0, 1, 2, 3], own, goal=0.9, looks=None) == Replay(7, False)


def test_a_warm_start_that_knows_the_truth_needs_few_trials() -> None:
    known = planted()
    found = warm_start(known, [judge(known, makers={"linear": MODELS["linear"]})])

    assert found["median_share"] <= 1 / 3
    assert set(found["median_trials"]) == set(known.names)
