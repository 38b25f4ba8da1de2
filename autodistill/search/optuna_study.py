"""One study in Optuna's tables: how it is opened, and a run that Optuna did not see."""

import json
import warnings

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.samplers import RandomSampler
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState, create_trial

from autodistill.search.curve_stopping import CurvePruner, noise_of
from autodistill.search.objective import Front, Objective, Score, Survey
from autodistill.search.tpe import make_sampler
from autodistill.search.warm_start import DEFAULT
from autodistill.study.results import FAILED, StudyResult, Trial
from autodistill.training.membership import LEAK

STATES = {
    "complete": TrialState.COMPLETE,
    "stopped": TrialState.PRUNED,
    "rejected": TrialState.PRUNED,
} | dict.fromkeys(FAILED, TrialState.FAIL)
STARTUP_TRIALS = 8
"""Trials at random before the sampler's model is used."""


def is_survey(history: StudyResult) -> bool:
    """Whether pipelines are drawn at random, or given, and none is stopped early."""
    return history.study.survey or history.study.students == "each"


def objective_of(history: StudyResult) -> Objective:
    """The study's, with what its trials have shown."""
    if history.study.front:
        first_look = history.facts.first_look or 1
        return Front(history.outcomes, first_look, privacy=history.study.privacy)
    if is_survey(history):
        return Survey()
    first_look = history.facts.first_look or 1
    if history.study.stopping != "curve":
        return Score(first_look)
    noise = noise_of(history.facts.selection_rows)
    return Score(first_look, CurvePruner(first_look=first_look, noise=noise))


def open_study(
    name: str, storage: BaseStorage, objective: Objective, history: StudyResult, *, seed: int
) -> optuna.Study:
    """A new study, or one that is gone on with.

    Its sampler draws otherwise than in earlier sessions.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        begun = (seed + len(history.outcomes)) % 2**32
        sampler = (
            RandomSampler(seed=begun)
            if is_survey(history)
            else make_sampler(seed=begun, n_startup_trials=STARTUP_TRIALS)
        )
    return optuna.create_study(
        study_name=name,
        storage=storage,
        directions=objective.directions,
        sampler=sampler,
        pruner=objective.pruner,
        load_if_exists=True,
    )


def name_values(study: optuna.Study, metric: str) -> None:
    """Name the objectives, for the dashboard."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        names = [metric or "score", "latency_ms", "size_bytes", LEAK]
        study.set_metric_names(names[: len(study.directions)])


def close(study: optuna.Study, objective: Objective, outcome: Trial) -> None:
    """Tell Optuna how a run ended."""
    state, values = objective.ending(outcome, STATES[outcome.status])
    study.tell(outcome.number, values, state=state, skip_if_finished=True)


def remembered(objective: Objective, outcome: Trial | None) -> FrozenTrial:
    """A run that was made elsewhere, where the first one is the default recipe.

    A failed trial where a number is missing.
    """
    if outcome is None:
        return create_trial(state=TrialState.FAIL)
    why = (
        {"control": outcome.baseline}
        if outcome.baseline
        else {"listed": True}
        if outcome.number
        else {"why": DEFAULT}
    )
    state, values = objective.ending(outcome, STATES[outcome.status])
    attrs = {**why, "pipeline": json.dumps(outcome.pipeline.to_dict())}
    return create_trial(state=state, values=values, user_attrs=attrs)
