"""A trial in less memory is the same trial."""

from copy import deepcopy
from typing import Any

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from optuna.trial import FrozenTrial, create_trial

from autodistill.search.small_trials import SmallTrials


def trial(params: dict[str, Any], domains: dict[str, BaseDistribution]) -> FrozenTrial:
    """One that has ended, with all that TPE notes of it."""
    noted = {"relative_params:0": '{"x": 0.5}', "completed_rung_0": 0.5}
    attrs = {"pipeline": "a recipe"}
    return create_trial(
        value=0.5,
        params=params,
        distributions=deepcopy(domains),
        user_attrs=attrs,
        system_attrs=noted,
        intermediate_values={1: 0.4},
    )


def test_it_keeps_everything_but_the_suggestion_of_a_run_that_has_ended() -> None:
    domains = {"x": FloatDistribution(0.0, 1.0), "kind": CategoricalDistribution(("a", "b"))}
    whole = trial({"x": 0.5, "kind": "a"}, domains)

    small = SmallTrials().of(deepcopy(whole))

    assert small.params == whole.params
    assert small.distributions == whole.distributions
    assert small.user_attrs == whole.user_attrs
    assert small.system_attrs == {"completed_rung_0": 0.5}
    assert (small.value, small.intermediate_values) == (0.5, {1: 0.4})


def test_trials_of_the_same_knobs_share_their_domains() -> None:
    domains: dict[str, BaseDistribution] = {"x": FloatDistribution(0.0, 1.0)}
    make = SmallTrials()

    first, second = (make.of(trial({"x": x}, domains)) for x in (0.2, 0.4))

    assert first.distributions is second.distributions
    assert (first.params["x"], second.params["x"]) == (0.2, 0.4)


def test_a_knob_of_zero_and_one_does_not_turn_into_one_of_false_and_true() -> None:
    make = SmallTrials()
    make.of(trial({"is_on": True}, {"is_on": CategoricalDistribution((False, True))}))

    small = make.of(trial({"count": 1}, {"count": CategoricalDistribution((0, 1))}))

    (domain,) = small.distributions.values()
    assert [type(choice) for choice in domain.choices] == [int, int]  # type: ignore[attr-defined]
