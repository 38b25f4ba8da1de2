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

SCORES = (0.9, 0.88, 0.86, 0.84, 0.82, 0.8)


def study(*scores: float, late: float = 0.0) -> optuna.Study:
    """A study with complete runs of these scores, of which so much comes in the second half."""
    made = optuna.create_study(direction="maximize", pruner=CurvePruner(first_look=2, noise=0.01))
    for score in scores:
        trial = made.ask()
        for step, below in ((1, 0.075), (2, 0.025), (4, 0.0)):
            trial.report(score - below - (late if step < 4 else 0.0), step)
        made.tell(trial, score)
    return made


def stops(among: optuna.Study, *values: float) -> bool:
    """Whether a run with these scores after one and two quarters, or four, is stopped."""
    trial = among.ask()
    for step, value in zip((1, 2, 4), values):
        trial.report(value, step)
    return trial.should_prune()


def test_a_run_that_levels_off_below_the_best_is_stopped() -> None:
    assert stops(study(*SCORES), 0.7, 0.71)


def test_a_run_that_is_behind_but_rises_goes_on() -> None:
    among = study(0.9, 0.9, 0.89, 0.89, 0.88, 0.88)

    assert not stops(among, 0.65, 0.8)  # every complete run was above 0.85 there


def test_runs_that_rise_late_teach_that_others_will() -> None:
    flat = 0.7, 0.72

    assert stops(study(*SCORES), *flat)
    assert not stops(study(*SCORES, late=0.15), *flat)


@pytest.mark.parametrize("values", [(0.1,), (0.1, 0.1, 0.1)])
def test_neither_before_the_first_look_nor_at_the_end_is_a_run_stopped(
    values: tuple[float, ...],
) -> None:
    assert not stops(study(*SCORES), *values)


def test_without_six_complete_runs_none_is_stopped() -> None:
    assert not stops(study(*SCORES[:5]), 0.1, 0.1)


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
