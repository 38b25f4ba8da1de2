"""The trials of a study that are under way, as Optuna's tables have them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial, TrialState

from autodistill.search.optuna_storage import open_tables
from autodistill.study.pipeline import Pipeline


@dataclass(frozen=True)
class RunningTrial:
    """A trial that has not ended."""

    number: int
    student: str
    """The kind of student."""
    recipe: str
    baseline: str
    curve: tuple[tuple[int, float], ...]
    """Reported (rung, score) pairs; none in a study of several objectives."""
    started: str
    """Local time, ISO 8601."""


class RunningTrials:
    """Reads them; those that ended are left alone, so that it costs little while a search runs."""

    def __init__(self, url: str) -> None:
        self.tables: RDBStorage = open_tables(url)

    def study_id(self, name: str) -> int | None:
        """The number of a study in Optuna's tables; None before a search began."""
        try:
            return self.tables.get_study_id_from_name(name)
        except KeyError:
            return None

    def of(self, name: str) -> tuple[RunningTrial, ...]:
        """Those of a study; none before it has begun."""
        study = self.study_id(name)
        if study is None:
            return ()
        found = self.tables.get_all_trials(study, deepcopy=False, states=(TrialState.RUNNING,))
        return tuple(_read(trial) for trial in sorted(found, key=lambda t: t.number))


def recipe_of(attrs: Mapping[str, Any]) -> tuple[str, str]:
    """The student and the recipe that a trial's attributes name; empty while it is chosen."""
    text = str(attrs.get("pipeline", ""))
    if text.startswith("{"):
        pipeline = Pipeline.from_dict(json.loads(text))
        return pipeline.student.name, str(pipeline)
    return text.partition(" · ")[0].partition("(")[0], text


def _read(trial: FrozenTrial) -> RunningTrial:
    student, recipe = recipe_of(trial.user_attrs)
    return RunningTrial(
        trial.number,
        student,
        recipe,
        str(trial.user_attrs.get("control", "")),
        tuple(sorted(trial.intermediate_values.items())),
        trial.datetime_start.isoformat() if trial.datetime_start else "",
    )
