"""Early stopping by extrapolated curves, in a study of synthetic runs."""

from dataclasses import replace
from pathlib import Path

import optuna
import pytest
from optuna.pruners import SuccessiveHalvingPruner

from autodistill.errors import SpecError
from autodistill.search.curve_stopping import CurvePruner, noise_of
from autodistill.search.optuna_study import objective_of
from autodistill.storage import Store
from autodistill.study.study import Study
from tests.records import outcome, write_study

PRUNER = CurvePruner(first_look=2, noise=0.01)


def study(*scores: float) -> optuna.Study:
    """A study with complete runs of these scores."""
    made = optuna.create_study(direction="maximize", pruner=PRUNER)
    for score in scores:
        trial = made.ask()
        for step in (1, 2, 3, 4):
            trial.report(score - 0.1 / step + 0.025, step)
        made.tell(trial, score)
    return made


def stops(among: optuna.Study, *values: float) -> bool:
    """Whether a run that has come so far is stopped."""
    trial = among.ask()
    for step, value in enumerate(values, 1):
        trial.report(value, step)
    return trial.should_prune()


def test_a_run_that_levels_off_below_the_best_is_stopped() -> None:
    assert stops(study(0.9, 0.85, 0.8), 0.7, 0.71)


def test_a_run_that_is_behind_but_rises_goes_on() -> None:
    among = study(0.9, 0.89, 0.88)

    assert not stops(among, 0.6, 0.78)  # every complete run was above 0.8 there


def test_the_more_that_is_known_the_sooner_a_run_stops() -> None:
    among = study(0.9, 0.85, 0.8)

    assert not stops(among, 0.72, 0.82)
    assert stops(among, 0.72, 0.82, 0.83)


@pytest.mark.parametrize("values", [(0.1,), (0.1, 0.1, 0.1, 0.1)])
def test_neither_before_the_first_look_nor_at_the_end_is_a_run_stopped(
    values: tuple[float, ...],
) -> None:
    assert not stops(study(0.9, 0.9, 0.9), *values)


def test_without_three_complete_runs_none_is_stopped() -> None:
    assert not stops(study(0.9, 0.9), 0.1, 0.1)


def test_a_score_on_more_rows_is_less_noisy() -> None:
    assert noise_of(100) == pytest.approx(0.03)
    assert noise_of(None) == noise_of(500) < noise_of(100)


def test_early_looks_are_at_few_rows_however_many_there_are() -> None:
    assert noise_of(5000) == noise_of(500)


def test_a_study_that_asks_for_it_has_it_and_others_keep_successive_halving(tmp_path: Path) -> None:
    history = Store(str(write_study(tmp_path / "a.db", outcome(0, 0.8)))).record("tiny")

    assert isinstance(objective_of(history).pruner, SuccessiveHalvingPruner)
    asked = replace(history, study=replace(history.study, stopping="curve"))
    assert isinstance(objective_of(asked).pruner, CurvePruner)


def test_studies_without_it_keep_their_names() -> None:
    assert "stopping" not in Study("a.csv").to_dict()
    assert Study("a.csv", stopping="curve").to_dict()["stopping"] == "curve"


@pytest.mark.parametrize("other", [{"front": True}, {"survey": True}, {"students": "each"}])
def test_it_judges_one_score(other: dict[str, bool]) -> None:
    with pytest.raises(SpecError, match="--stopping curve judges one score"):
        Study("a.csv", stopping="curve", **other)  # type: ignore[arg-type]


def test_another_word_is_refused() -> None:
    with pytest.raises(SpecError, match="--stopping is 'curves'; use curve, or leave it out"):
        Study("a.csv", stopping="curves")
