"""The share that each stage explains, on surveys whose truth is known."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autodistill.analysis.variance import (
    LEVEL,
    by_chance,
    by_slot,
    choices,
    eta_squared,
    shares,
    shuffled,
)
from autodistill.study.pipeline import Part
from tests.surveys import survey


def test_two_groups_by_hand() -> None:
    # means 1 and 3 around 2: 4 · 1 of 4 · 1 + 4 · 0.25
    scores = np.array([0.5, 1.5, 2.5, 3.5])

    assert eta_squared(scores, np.array([0, 0, 1, 1])) == pytest.approx(4 * 1 / (4 * 1 + 4 * 0.25))


def test_a_stage_that_matters_explains_what_it_was_given_and_passes_chance() -> None:
    found = {s.stage: s for s in shares(survey(mixup=0.02, noise=0.01))}

    # a variance of .02² / 4 from mixup beside one of .01² from noise
    assert found["mixup"].share == pytest.approx(0.5, abs=0.1)
    assert found["mixup"].is_shown
    assert found["mixup"].best == "embedding"
    assert next(iter(found)) == "mixup"


def test_where_nothing_matters_about_one_stage_in_twenty_passes_chance() -> None:
    draw, passed, seen = np.random.default_rng(1), 0, 0
    made = survey(runs=60)
    for _ in range(30):
        runs = tuple(replace(o, score=0.8 + 0.01 * float(draw.normal())) for o in made.outcomes)
        found = shares(replace(made, outcomes=runs))
        passed, seen = passed + sum(s.is_shown for s in found), seen + len(found)

    assert passed / seen < 0.12


@pytest.mark.parametrize("sizes", [(500, 500), (30, 300, 1200), (40,) * 25], ids=len)
def test_many_runs_chance_is_the_same_by_law_and_by_shuffles(sizes: tuple[int, ...]) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    scores = np.random.default_rng(0).beta(8, 1, len(groups))  # a long tail of bad runs

    law = by_chance(scores, groups, np.random.default_rng(1))

    # of 1,000 shuffles 950 are below, give or take 7; three of these
    below = (shuffled(scores, groups, np.random.default_rng(1)) < law).mean()
    assert below == pytest.approx(LEVEL, abs=0.021)


def test_what_never_varied_is_left_out_and_a_mapping_is_compared_among_runs_that_have_one() -> None:
    found = {s.stage: s for s in shares(survey())}

    assert set(found) == {"feature", "mapping", "mixup", "weight.logit"}
    assert found["mapping"].runs == sum(
        dict(choices(o.pipeline))["feature"] == "mse" for o in survey().outcomes
    )
    assert found["weight.logit"].groups == 4
    assert not found["mapping"].is_asked_always


def test_a_value_that_many_have_leaves_no_part_of_a_number_empty() -> None:
    made = survey(runs=38)
    rates = [
        *np.linspace(1.0, 1.9, 10),
        *[2.0] * 18,
        *np.linspace(3.0, 7.0, 10),
    ]  # the first quarter ends between 1.9 and 2
    runs = [
        replace(o, pipeline=replace(o.pipeline, optimizer=Part("adamw", {"lr": rate})))
        for o, rate in zip(made.outcomes, rates)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = {s.stage: s for s in shares(replace(made, outcomes=tuple(runs)))}

    assert found["optimizer.adamw.lr"].groups == 3
    assert found["optimizer.adamw.lr"].best in ("1 to 1.9", "2 to 2.8", "2.8 to 7")


def test_controls_repeats_and_stopped_runs_are_no_part_of_it() -> None:
    made = survey(mixup=0.05)
    wrong = [
        replace(made.outcomes[n], number=500 + n, score=0.0, **kind) for n, kind in enumerate(WRONG)
    ]

    assert shares(replace(made, outcomes=(*made.outcomes, *wrong))) == shares(made)


WRONG: list[dict[str, Any]] = [
    {"baseline": "alone"},
    {"seed": 1},
    {"status": "stopped"},
    {"status": "failed"},
]


def test_knobs_and_weights_are_added_up_by_their_stage() -> None:
    assert by_slot(
        {"feature": 0.2, "feature.mi_alpha.alpha": 0.1, "weight.feature": 0.3, "mixup": 0.4}
    ) == {
        "feature": pytest.approx(0.6),
        "mixup": 0.4,
    }
