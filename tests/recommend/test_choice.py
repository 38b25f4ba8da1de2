from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from autodistill.recommend.choice import Chosen, Marks, believed, choose, judge, mark, mean_of
from autodistill.recommend.evidence import Evidence
from autodistill.recommend.model import Guess, Model
from autodistill.recommend.models import MODELS, Learned, linear
from tests.recommend.planted import planted

KNOWN = planted()


class Backwards(Model):
    """Always wrong."""

    def fit(self, evidence: Evidence) -> None:
        self.inner = linear(0)
        self.inner.fit(evidence)

    def predict(self, evidence: Evidence) -> NDArray[np.float64]:
        return 1 - self.inner.predict(evidence)


class Spy(Learned):
    """Notes what it was fitted on."""

    seen: list[frozenset[str]] = []

    def fit(self, evidence: Evidence) -> None:
        self.known = frozenset(evidence.names)
        Spy.seen.append(self.known)

    def predict(self, evidence: Evidence) -> NDArray[np.float64]:
        assert not self.known & set(evidence.names)
        return np.zeros(len(evidence))


def scores(*values: float) -> Evidence:
    frame = KNOWN.features.iloc[: len(values)]
    return Evidence(
        frame, np.full(len(values), "d"), KNOWN.pipelines[: len(values)], np.array(values)
    )


def guess(asked: Evidence, standing: NDArray[np.float64]) -> Guess:
    return Guess(standing, asked.first(standing, 5))


def test_marks_by_hand() -> None:
    """Order of guesses: the second (0.7), third (0.5), ... of scores from 0.4 to 0.9."""
    values = scores(0.9, 0.7, 0.5, 0.4, 0.6, 0.6, 0.8)
    found = mark(guess(values, np.array([0.1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.0])), values)

    assert found.rec_at_1 == pytest.approx(0.6)
    assert found.rec_at_5 == pytest.approx(0.6)
    assert found.mean_of_5 == pytest.approx((0.3 + 0.1 + 0 + 0.2 + 0.2) / 0.5 / 5)
    assert found.regret_1 == pytest.approx(0.2)
    assert found.regret_5 == pytest.approx(0.2)


def test_the_true_order_has_full_marks_and_no_regret() -> None:
    values = scores(0.2, 0.5, 0.9)
    found = mark(guess(values, values.scores), values)

    assert (found.rec_at_1, found.spearman, found.regret_1) == pytest.approx((1.0, 1.0, 0.0))
    assert mark(guess(values, np.zeros(3)), values).spearman == 0.0


def test_the_chosen_model_has_not_seen_the_dataset_that_it_is_judged_on_nor_has_its_choice() -> (
    None
):
    Spy.seen = []
    judge(KNOWN, makers={"spy": lambda _: Spy(None)})

    everything = set(KNOWN.names)
    assert {len(everything - seen) for seen in Spy.seen} == {1, 2}


def test_a_model_that_is_wrong_is_never_chosen_and_its_marks_are_kept() -> None:
    found = judge(KNOWN, makers={"backwards": lambda _: Backwards(), "linear": linear})

    assert set(found.chosen.values()) == {"linear"}
    assert mean_of(list(found.each["backwards"].values())).spearman < -0.5
    assert mean_of(list(found.nested.values())).rec_at_5 > 0.95


def test_the_default_model_is_believed_until_another_is_ahead_by_more_than_chance() -> None:
    """Leads by hand: equal ones have no error, unequal ones have one.

    Leads of 0.1, 0.1 and 0.1 have none; 0.3, -0.1 and 0.0 have one of 0.12 over a mean of 0.07.
    """

    def marks(*totals: float) -> list[Marks]:
        return [Marks(t, t, t, t, 0.0, 0.0) for t in totals]

    default = marks(0.5, 0.5, 0.5)

    assert believed({"boosting": default, "linear": marks(0.6, 0.6, 0.6001)}) == "linear"
    assert believed({"boosting": default, "linear": marks(0.8, 0.4, 0.5)}) == "boosting"
    assert believed({"trees": default, "linear": marks(0.8, 0.4, 0.5)}) == "linear"


def test_what_is_hopeless_comes_last_and_teaches_nothing() -> None:
    hopeless = KNOWN.features["a"].to_numpy() == 1
    known = Evidence(
        KNOWN.features,
        KNOWN.datasets,
        KNOWN.pipelines,
        KNOWN.scores,
        KNOWN.of_dataset,
        hopeless=hopeless,
    )

    found = judge(known, makers={"linear": linear})

    for name, told in found.predictions.items():
        bad = hopeless[known.datasets == name]
        assert told.standing[bad].max() < told.standing[~bad].min()


def test_the_choice_survives_being_written() -> None:
    found = choose(KNOWN, makers={n: MODELS[n] for n in ("average", "linear")})
    again = Chosen.from_dict(found.to_dict())

    assert again.model == found.model == "linear"
    assert again.marks["average"].keys() == set(KNOWN.names)
    assert again.errors == pytest.approx(found.errors, abs=1e-4)


def test_errors_are_those_of_the_first_five_of_datasets_that_were_left_out() -> None:
    found = choose(KNOWN, makers={"linear": linear})
    names: Sequence[str] = KNOWN.names

    expected = []
    for name in names:
        model = linear(0)
        model.fit(KNOWN.without([name]))
        found_there = model.predict(KNOWN.only(name))
        first = np.argsort(-found_there, kind="stable")[:5]
        expected += (KNOWN.only(name).standing - found_there)[first].tolist()
    assert found.errors == pytest.approx(expected)
