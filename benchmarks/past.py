"""A study with many finished trials, written at once to Optuna's tables and ours.

As after a real search.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
import sqlalchemy as sa
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
    distribution_to_json,
)

from autodistill.registry.ranges import Domain, OneOf, Real, Whole
from autodistill.search.ask_tell import AskTell
from autodistill.search.early_stopping import FIRST_LOOK
from autodistill.search.endings import environment
from autodistill.storage import Store
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.space import Space
from autodistill.study.study import Study

NAME = "measured"
STUDY = Study("measured.csv", space="text", metric="accuracy")
COST = {
    "params": 9.9e6,
    "size_bytes": 4.0e7,
    "latency_ms": 3.2,
    "train_seconds": 41.0,
    "evaluation_seconds": 6.0,
    "seconds": 42.5,
}
SELECTION_ROWS = 500
FACTS: Mapping[str, Any] = {
    "rows": 2000,
    "epochs": 2,
    "train_rows": 4000,
    "trial_seconds": 42.5,
    "timeout_seconds": 600.0,
    "first_look": FIRST_LOOK,
    "selection_rows": SELECTION_ROWS,
    "classes": 2,
    "teacher_score": 0.9,
    "teacher_params": 22_700_000,
}
ENVIRONMENT = environment()
BEGAN = datetime(2026, 1, 1)


ENQUEUED = ("trial_user_attributes", "trial_system_attributes", "trials")
"""Optuna's tables that hold what is to be tried first, those that refer to others first."""


@dataclass
class Tables:
    """Rows for Optuna's tables."""

    trials: list[dict[str, Any]] = field(default_factory=list)
    trial_values: list[dict[str, Any]] = field(default_factory=list)
    trial_intermediate_values: list[dict[str, Any]] = field(default_factory=list)
    trial_params: list[dict[str, Any]] = field(default_factory=list)
    trial_user_attributes: list[dict[str, Any]] = field(default_factory=list)


def fill(store: Store, space: Space, size: int) -> None:
    """A new study with `size` trials of this space, or with none.

    A third are complete, the others stopped at a quarter or a half.
    """
    store.begin(STUDY, FACTS, name=NAME)
    store.note_selection(NAME, Selection(as_bytes(np.zeros(SELECTION_ROWS, dtype=int))))
    if not size:
        return
    questions = AskTell(
        NAME, space, store.url, seed=0, history=StudyResult(STUDY)
    )  # keeps a connection: else SQLite tidies up after each add
    draw = random.Random(0)
    with store.database.writing() as connection:
        optuna_tables = sa.MetaData()
        optuna_tables.reflect(connection, only=[*vars(Tables()), "studies", *ENQUEUED])
        study_id = connection.scalar(sa.select(optuna_tables.tables["studies"].c.study_id))
        for enqueued in ENQUEUED:  # what is tried first has been run
            connection.execute(sa.delete(optuna_tables.tables[enqueued]))
        rows, outcomes = Tables(), []
        for number in range(size):
            values: dict[str, tuple[Domain, Any]] = {}
            outcome = ended(number, space.sample(partial(_draw, draw, values)), draw)
            outcomes.append(outcome)
            _note(rows, study_id, outcome, values)
        trials = optuna_tables.tables["trials"]
        made = sa.insert(trials).returning(trials.c.trial_id, sort_by_parameter_order=True)
        ids = connection.scalars(made, rows.trials).all()  # the database counts on from these
        for name, content in vars(rows).items():
            if name != trials.name:
                for row in content:
                    row["trial_id"] = ids[row["trial_id"]]
                connection.execute(sa.insert(optuna_tables.tables[name]), content)
    for outcome in outcomes:
        store.add(NAME, outcome)
    del questions


def ended(
    number: int, pipeline: Pipeline, draw: random.Random, seed: int = 0, baseline: str = ""
) -> Trial:
    """The end of such a run: a score that depends on its learning rate, plus noise."""
    rate = float(pipeline.optimizer.knobs.get("lr", 2e-4))
    score = 0.9 - 0.05 * abs(np.log(rate / 2e-4)) + draw.gauss(0, 0.02)
    reached = draw.choice((1, 2, 4))
    curve = tuple((rung, float(score - 0.1 / rung)) for rung in (1, 2, 4) if rung <= reached)
    predictions = (
        as_bytes(np.array([draw.random() > score for _ in range(SELECTION_ROWS)], dtype=int))
        if reached == 4
        else b""
    )
    metrics = {"cross_entropy": 0.4, "row_error": 0.014, "agreement": 0.93} if reached == 4 else {}
    status = "complete" if reached == 4 else "stopped"
    size = {"rows": 2000, "epochs": 2}
    known: dict[str, Any] = {
        "environment": ENVIRONMENT,
        "baseline": baseline,
        "predictions": predictions,
    }
    return Trial(number, pipeline, seed, status, curve[-1][1], size, metrics, curve, COST, **known)


def _draw(
    draw: random.Random, values: dict[str, tuple[Domain, Any]], name: str, domain: Domain
) -> Any:
    match domain:
        case OneOf(choices=choices):
            value: Any = draw.choice(choices)
        case Real(low=low, high=high, log=log):
            value = (
                float(np.exp(draw.uniform(np.log(low), np.log(high))))
                if log
                else draw.uniform(low, high)
            )
        case Whole(low=low, high=high):
            value = draw.randint(low, high)
    values[name] = (domain, value)
    return value


def _distribution(domain: Domain) -> BaseDistribution:
    match domain:
        case OneOf(choices=choices):
            return CategoricalDistribution(choices)
        case Real(low=low, high=high, log=log):
            return FloatDistribution(low, high, log=log)
        case Whole(low=low, high=high, log=log):
            return IntDistribution(low, high, log=log)


def _note(
    rows: Tables, study_id: Any, outcome: Trial, values: Mapping[str, tuple[Domain, Any]]
) -> None:
    here = {"trial_id": outcome.number}  # until the database has numbered the trials
    complete = outcome.status == "complete"
    begin = BEGAN + timedelta(minutes=outcome.number)
    times = {"datetime_start": begin, "datetime_complete": begin + timedelta(seconds=42)}
    rows.trials.append(
        {
            "number": outcome.number,
            "study_id": study_id,
            "state": "COMPLETE" if complete else "PRUNED",
            **times,
        }
    )
    if complete:
        rows.trial_values.append(
            {**here, "objective": 0, "value": outcome.score, "value_type": "FINITE"}
        )
    for step, value in outcome.curve:
        point = {"step": step, "intermediate_value": value, "intermediate_value_type": "FINITE"}
        rows.trial_intermediate_values.append({**here, **point})
    for name, (domain, value) in values.items():
        made = _distribution(domain)
        content = {
            "param_name": name,
            "param_value": made.to_internal_repr(value),
            "distribution_json": distribution_to_json(made),
        }
        rows.trial_params.append({**here, **content})
    kinds = ("alone", "vanilla", "random")
    given: dict[str, Any] = {"pipeline": str(outcome.pipeline), "repeat": 0}
    if outcome.number < len(kinds):
        given["control"] = kinds[outcome.number]  # a study that has its baselines
    for key, content in given.items():
        rows.trial_user_attributes.append({**here, "key": key, "value_json": json.dumps(content)})
