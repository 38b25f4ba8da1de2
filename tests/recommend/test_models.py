from dataclasses import replace

import numpy as np
import pytest

from autodistill.recommend.models import MODELS, UNKNOWN
from tests.recommend.planted import planted

KNOWN = planted()


@pytest.mark.parametrize("name", MODELS)
def test_a_model_ranks_a_planted_truth_far_above_chance(name: str) -> None:
    model = MODELS[name](0)

    model.fit(KNOWN.without(["d5"]))
    found = np.corrcoef(model.predict(KNOWN.only("d5")), KNOWN.only("d5").standing)[0, 1]

    assert found > (0.5 if name in ("average", "pooled") else 0.85)


@pytest.mark.parametrize("name", MODELS)
def test_a_guess_does_not_look_at_the_scores_and_is_the_same_for_the_same_seed(name: str) -> None:
    asked, found = KNOWN.only("d5"), []
    for scores in (asked.scores, -asked.scores):
        model = MODELS[name](3)
        model.fit(KNOWN.without(["d5"]))
        found.append(model.predict(replace(asked, scores=scores)))

    assert np.array_equal(found[0], found[1])


def test_only_a_model_that_knows_the_dataset_finds_what_helps_on_large_ones_only() -> None:
    gains = {}
    for name in ("average", "boosting", "linear", "pooled"):
        model, asked = MODELS[name](0), KNOWN.only("d5")
        model.fit(KNOWN.without(["d5"]))
        guess, with_c = model.predict(asked), asked.features["c"].to_numpy() == 1
        gains[name] = guess[with_c].mean() - guess[~with_c].mean()

    assert gains["boosting"] > 0.15 < gains["linear"]
    assert gains["average"] < 0.1 > gains["pooled"]


def test_the_average_puts_a_pipeline_that_nobody_tried_in_the_middle() -> None:
    model = MODELS["average"](0)
    model.fit(KNOWN)

    assert model.predict(replace(KNOWN, pipelines=np.full(len(KNOWN), "new"))).tolist() == [
        UNKNOWN
    ] * len(KNOWN)
