"""Scores that a student's folder holds: its own or its recipe's, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.analysis.comparison import Interval, interval_of
from autodistill.analysis.metrics import Metric
from autodistill.analysis.recipe_score import recipe_score
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.storage import Store
from autodistill.study.reading import Reading
from autodistill.study.recipe import Recipe, former_epochs
from autodistill.study.results import StudyResult
from autodistill.study.study import Study

Logits = NDArray[np.float32]


@dataclass(frozen=True)
class Known:
    """Knowledge of the study database on a recipe before it is trained."""

    study: str
    """The study that readings of the held-out test are counted under."""
    recipe: Recipe
    """With the dataset and the teacher as they are now."""
    validation: dict[str, Any] | None
    """The score of the recipe's runs on the validation rows; None where it has none here."""
    readings: tuple[Reading, ...]

    old_key: str
    """The key of this student in versions that knew pipelines alone; empty: another student."""

    @property
    def _is_old(self) -> bool:
        return any(reading.recipe_key == self.old_key for reading in self.readings)

    @property
    def validates(self) -> bool:
        """Whether the validation rows are kept out of the training, to score the student on."""
        return self.validation is None and not self._is_old

    @property
    def key(self) -> str:
        """The key of readings of this student; one trained on fewer rows is another."""
        return f"{self.recipe.key}-train" if self.validates else self.recipe.key

    def on_train_rows(self) -> "Known":
        """The same of a student that the validation rows are kept out of, whatever is known."""
        return replace(self, validation=None, old_key="")

    def of_seed(self, seed: int) -> "Known":
        """The same of a student of another seed."""
        return replace(self, recipe=replace(self.recipe, seed=seed))

    def own_reading(self) -> Reading | None:
        """The last reading of this recipe's student."""
        own = [r for r in self.readings if r.recipe_key in (self.key, self.old_key)]
        return own[-1] if own else None


def known_of(workspace: PreparedWorkspace, recipe: Recipe, store: Store) -> Known:
    """The recipe's scores in the database; a study from elsewhere is begun there."""
    now = replace(recipe, study=workspace.study)
    names = {row.name for row in store.studies()}
    name = str(recipe.evidence.get("study", workspace.study.name))
    if name in names and not _is_same_data(store.record(name).study, workspace.study):
        name = workspace.study.name
    if name not in names:
        store.begin(recipe.study, {}, name=name)  # its readings are remembered here from now on
    record = store.record(name)
    return Known(
        *(name, now, _validation(record, now), record.readings),
        _old_key(
            recipe, workspace.study, workspace.data.train_rows + workspace.data.selection_rows
        ),
    )


def _old_key(recipe: Recipe, now: Study, rows: int) -> str:
    same = _parts(recipe.study) == _parts(now)
    is_usual = recipe.seed == 0 and recipe.epochs == former_epochs(rows)
    return recipe.pipeline.key if same and is_usual else ""


def _parts(study: Study) -> list[str]:
    """The hashes of the rows and of the teacher."""
    return study.fingerprint.split("-")[:2]


def _is_same_data(first: Study, second: Study) -> bool:
    """Whether two studies are about one dataset, be it changed or moved."""
    same_rows = bool(first.fingerprint) and _parts(first)[0] == _parts(second)[0]
    return first.dataset == second.dataset or same_rows


def _validation(record: StudyResult, recipe: Recipe) -> dict[str, Any] | None:
    """The recipe's score in a study of the same rows, teacher and metric."""
    before, now = record.study, recipe.study

    def judged(study: Study) -> tuple[Any, ...]:
        return (*_parts(study), study.metric, study.max_length, study.labels)

    if not before.fingerprint or judged(before) != judged(now):
        return None
    metric = families.build("metrics", now.metric, {})
    found = recipe_score(record, recipe.pipeline, metric.of_rows)
    if found is None:
        return None
    return {
        **_validation_score(found.interval, record.facts.selection_rows or 0),
        "validation_of": "recipe",
        "validation_runs": found.runs,
        "validation_trained_on_rows": found.rows or 0,
        "validation_epochs": found.epochs,
    }


def student_validation(logits: Logits, labels: NDArray[np.int64], metric: Metric) -> dict[str, Any]:
    """The score of one student that has not seen the validation rows."""
    found = interval_of(metric.decide(logits), labels, metric.of_rows)
    return {
        **_validation_score(found, len(labels)),
        "validation_runs": 1,
    }


def _validation_score(found: Interval, rows: int) -> dict[str, Any]:
    ends = [round(found.low, 6), round(found.high, 6)]
    return {"validation": found.value, "validation_interval": ends, "validation_rows": rows}


def held_out_scores(logits: Logits, labels: NDArray[np.int64], metric: Metric) -> dict[str, Any]:
    """The score of a student on the held-out test rows, as a reading keeps it."""
    found = interval_of(metric.decide(logits), labels, metric.of_rows)
    return {
        "test_rows": len(labels),
        "student_test": found.value,
        "student_test_interval": [round(found.low, 6), round(found.high, 6)],
    }


def reading_metrics(reading: Reading) -> dict[str, Any]:
    """A reading as metrics.json holds it."""
    return {
        **reading.scores,
        "test_reading": reading.number,
        "test_recipes_before": reading.recipes_before,
        "test_date": reading.date,
    }


def not_read(readings: Sequence[Reading]) -> dict[str, Any]:
    """The words that stand in metrics.json in place of a score on the held-out test."""
    last = readings[-1]
    return {
        "test_note": f"the held-out test was read on {last.day} for another recipe and was not "
        "read for this one; --read-test-again reads it"
    }
