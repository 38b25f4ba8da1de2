"""The sampler suggests what Optuna's own does, with less work."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

import optuna
import pytest
from optuna.samplers import TPESampler
from optuna.samplers._tpe import sampler as tpe
from optuna.trial import TrialState

from autodistill.search import tpe as own
from autodistill.search.optuna_storage import suggest
from autodistill.search.tpe import GroupedTPE
from autodistill.study import spaces
from autodistill.study.rules import Conditions

SPACE = spaces.space("text").fit(Conditions(classes=5))


Direction = Literal["minimize", "maximize"]


def search(
    sampler: TPESampler, directions: Sequence[Direction], trials: int
) -> list[dict[str, Any]]:
    """Parameters over the real tree, in every state of a trial.

    Complete, stopped, failed and running trials, some of them over a limit.
    """
    study = optuna.create_study(sampler=sampler, directions=directions)
    waiting: list[tuple[optuna.Trial, float]] = []
    for number in range(trials):
        trial = study.ask()
        made = SPACE.sample(partial(suggest, trial))
        waiting.append((trial, float(made.optimizer.knobs["lr"]) + 0.01 * len(made.terms)))
        if number % 5 == 0:
            trial.set_constraint("size", 0.5 - number % 2)
        if len(waiting) < 3:
            continue
        ended, value = waiting.pop(0)
        if len(directions) == 1:
            ended.report(value / 2, 1)
        state = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.COMPLETE, TrialState.FAIL)[
            number % 4
        ]
        study.tell(
            ended, [value] * len(directions) if state is TrialState.COMPLETE else None, state=state
        )
    return [t.params for t in study.get_trials()]


@pytest.mark.parametrize("directions", [["maximize"], ["maximize", "minimize", "minimize"]])
def test_it_suggests_what_optuna_suggests(directions: Sequence[Direction]) -> None:
    plain = search(
        TPESampler(multivariate=True, group=True, seed=3, n_startup_trials=8), directions, 60
    )

    assert search(GroupedTPE(seed=3, n_startup_trials=8), directions, 60) == plain


def test_trials_are_split_once_for_all_groups_and_optuna_is_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original, calls = tpe._split_trials, []

    def counted(*given: Any) -> Any:
        calls.append(given)
        return original(*given)

    monkeypatch.setattr(tpe, "_split_trials", counted)

    search(GroupedTPE(seed=0, n_startup_trials=8), ["maximize"], 40)

    # 40 trials ask, those after the first eight that ended use the split;
    # single knobs that no group has yet may need one more
    assert 0 < len(calls) <= 60
    assert tpe._split_trials is counted


def study_of(sampler: TPESampler, trials: int) -> optuna.Study:
    """A study of so many random trials in every state in which one ends, some over a limit."""
    drawn = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study = optuna.create_study(sampler=sampler, direction="maximize")
    states = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.COMPLETE, TrialState.FAIL)
    for number in range(trials):
        trial = drawn.ask()
        made = SPACE.sample(partial(suggest, trial))
        value, state = float(made.optimizer.knobs["lr"]), states[number % 4]
        study.add_trial(
            optuna.trial.create_trial(
                state=state,
                value=value if state is TrialState.COMPLETE else None,
                params=trial.params,
                distributions=trial.distributions,
                intermediate_values={1: value},
                constraints={"size": 0.5 - number % 2} if number % 5 == 0 else None,
            )
        )
    return study


@pytest.mark.slow
def test_in_a_study_of_a_thousand_trials_it_suggests_what_optuna_suggests() -> None:
    plain, ours = (
        study_of(sampler, 1000)
        for sampler in (
            TPESampler(multivariate=True, group=True, seed=3, n_startup_trials=8),
            GroupedTPE(seed=3, n_startup_trials=8),
        )
    )

    for _ in range(2):
        trials = [study.ask() for study in (plain, ours)]
        for trial in trials:
            SPACE.sample(partial(suggest, trial))
        assert trials[0].params == trials[1].params


def test_of_more_trials_than_are_modelled_the_good_ones_stay_and_the_latest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own, "MODELLED", 60)
    monkeypatch.setattr(own, "ROOM", 20)
    sampler = GroupedTPE(seed=0, n_startup_trials=8)
    study = study_of(sampler, 400)
    every = [t for t in study.get_trials() if t.state is not TrialState.FAIL]

    good, bad = sampler.split_all(study, study.get_trials()[-1])

    best, _ = tpe._split_trials(study, every, tpe.default_gamma(len(good) + len(bad)))
    assert [t.number for t in good] == [t.number for t in best]
    assert 60 <= len(good) + len(bad) <= 60 + 20 + len(good)
    latest = {t.number for t in every[-60:]}
    assert latest <= {t.number for t in (*good, *bad)}
