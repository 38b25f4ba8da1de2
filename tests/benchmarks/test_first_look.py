"""Early stopping replayed: what is kept of the best runs, and at what cost."""

import numpy as np
import pytest

from benchmarks.first_look import first_look, replay, scores_of
from tests.paths import ROOT


def test_runs_that_keep_their_order_lose_none_of_the_best() -> None:
    ends = np.linspace(0.5, 0.9, 60)

    kept, cost = replay(np.stack([ends] * 3, axis=1), {2: 0.5}, orders=20, seed=0)

    assert kept == pytest.approx(1.0)
    assert 0.5 < cost < 1.0


def test_runs_whose_order_turns_round_lose_most_of_the_best() -> None:
    ends = np.linspace(0.5, 0.9, 60)

    kept, _ = replay(np.stack([-ends, -ends, ends], axis=1), {2: 0.5}, orders=20, seed=0)

    assert kept < 0.3


def test_digits_lose_half_of_the_best_tenth_at_a_quarter_and_keep_most_at_half() -> None:
    found = first_look([ROOT / "studies" / "knowledge-digits"], orders=20, seed=0)["mean"]

    assert len(scores_of(ROOT / "studies" / "knowledge-digits")) == 169
    assert found["a quarter"][0] < 0.5 < 0.7 < found["half"][0]
