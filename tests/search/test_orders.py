"""Trials and their ends go through JSON without losing a bit."""

import json
import math
import random
from typing import Any

import pytest

from autodistill.registry.ranges import random_ask
from autodistill.runtime.workers import Ended
from autodistill.search.orders import end_of, end_to_dict, spec_of, spec_to_dict
from autodistill.study.results import TrialResult
from autodistill.study.spaces import space
from autodistill.training.trial import TrialSpec
from tests.records import pipeline


def through(data: Any) -> Any:
    """As a database gives it back."""
    return json.loads(json.dumps(data, allow_nan=False))


def result(**changes: Any) -> TrialResult:
    values: dict[str, Any] = {
        "status": "complete",
        "score": 0.1 + 0.7,
        "curve": ((1, 1 / 3), (4, 0.1 + 0.7)),
        "fidelity": {"rows": 8, "epochs": 1},
        "cost": {"train_seconds": 0.1 + 0.2},
        "metrics": {"row_error": 2 / 3},
        "predictions": bytes(range(256)),
    }
    return TrialResult(**{**values, **changes})


def test_a_trial_is_the_same_on_the_other_machine() -> None:
    spec = TrialSpec(7, pipeline(0.1 + 0.2), 2, 400, 3, "random")

    data = through(spec_to_dict(spec, 120.5))

    assert spec_of(data) == spec
    assert data["timeout_seconds"] == 120.5


def test_a_pipeline_of_every_stage_has_the_same_key_there() -> None:
    everything = space("everything")
    for seed in range(20):
        asked = everything.sample(random_ask(random.Random(seed)))
        spec = TrialSpec(0, asked, 0, 1, 1)
        assert spec_of(through(spec_to_dict(spec, 1.0))).pipeline.key == asked.key


@pytest.mark.parametrize(
    "event",
    [
        Ended(3, "done", result(), "", 1.5),
        Ended(3, "done", result(status="stopped", predictions=b"", metrics={}), "", 1.5),
        Ended(3, "failed", None, "ValueError: no\nTraceback ...", 0.1),
    ],
)
def test_an_end_is_the_same_for_the_coordinator(event: Ended) -> None:
    assert end_of(3, through(end_to_dict(event))) == event


def test_numbers_that_are_not_finite_are_left_out_as_the_store_does() -> None:
    event = Ended(
        3,
        "done",
        result(curve=((1, math.nan), (2, 0.5)), metrics={"a": math.inf, "b": 1.0}),
        "with a \0",
        1.0,
    )

    found = end_of(3, through(end_to_dict(event)))

    assert found.result.curve == ((2, 0.5),)
    assert found.result.metrics == {"b": 1.0}
    assert found.error == "with a "
