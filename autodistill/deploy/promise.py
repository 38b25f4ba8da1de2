"""The score that a recipe, or a student's folder, promises for one more training of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, NonNegativeInt, PositiveInt, ValidationError

from autodistill.analysis.seed_spread import NORMAL, PRIOR_RUNS, SeedSpread
from autodistill.deploy.names import METRICS, RECIPE
from autodistill.errors import SpecError, StorageError
from autodistill.study.recipe import Recipe
from autodistill.study.toml_file import misfits

Score = Annotated[float, Field(ge=-1, le=1)]
End = Annotated[float, Field(allow_inf_nan=False)]
"""An end of an interval of scores, which may lie outside of their range."""
Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Source:
    """A recipe, and the metrics of its student where it lies in a student's folder."""

    name: str
    recipe: Recipe
    metrics: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Source":
        """A recipe's file, or a student's folder; raises AutodistillError."""
        if not path.is_dir():
            return cls(str(path), Recipe.load(path), {})
        recipe, file = Recipe.load(path / RECIPE), path / METRICS
        try:
            metrics = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is no JSON"
            raise StorageError(
                f"{file} cannot be read: {why.lower()}. Copy the folder again, or replay "
                f"{path / RECIPE}."
            ) from None
        return cls(str(path), recipe, metrics if isinstance(metrics, dict) else {})


@dataclass(frozen=True)
class Promise:
    """A mean score of known runs on the validation rows, and their spread over seeds."""

    metric: str
    score: float
    runs: int
    rows: int
    """Validation rows."""
    rows_seen: int
    """Rows of one epoch, unlabelled ones included."""
    epochs: int
    spread: SeedSpread
    is_same_training: bool
    """Whether those runs were full trainings, too; else they were the search's, mostly shorter."""
    last_seed: int
    """The highest seed of those runs; a new one has a higher one."""

    def interval(self, new_runs: int) -> tuple[float, float]:
        """The ends between which the mean of so many new runs lands in 95 of 100 cases."""
        return self.spread.interval(self.score, self.runs, new_runs, rows=self.rows)


class _Evidence(BaseModel):
    """The part of a recipe's evidence that makes a promise."""

    metric: str
    score: Score
    seeds: PositiveInt
    selection_rows: PositiveInt
    trained_on_rows: PositiveInt
    trained_for_epochs: PositiveInt
    seed_deviation: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    seed_freedom: PositiveInt


class _Scored(BaseModel):
    """The part of metrics.json about a student that has not learned from the validation rows."""

    metric: str
    validation: Score
    validation_interval: tuple[End, End]
    validation_rows: PositiveInt
    validation_trained_on_rows: PositiveInt
    validation_epochs: PositiveInt
    unlabelled_rows: NonNegativeInt = 0
    seeds: tuple[int, ...] = ()
    seed_validations: Annotated[tuple[Score, ...], Field(min_length=1)] | None = None


def promise_of(source: Source) -> Promise:
    """The promise of a recipe, or of the student beside it.

    A student that was scored on validation rows which it has not learned from is the same training;
    for any other the search's runs speak. Raises SpecError where there is none.
    """
    name, evidence = source.name, source.recipe.evidence
    if source.metrics.get("validation_of") == "student":
        return _of_student(source, _read(_Scored, source.metrics, f"{name}/{METRICS}"))
    if "score" not in evidence:
        raise SpecError(
            f"{name} promises no score: no search measured it on this dataset. Train it with "
            "`autodistill train RECIPE --seeds 3`, and replay the folder that this writes."
        )
    if "seed_deviation" not in evidence:
        raise SpecError(
            f"{name} holds no interval for a new training: its score_interval is that of a mean, "
            "over the choice of rows, and its spread over seeds was not written by versions before "
            "this one. Write the recipe again from its study with `autodistill recommend --study "
            f"{evidence.get('study', 'NAME')} --out FILE`, and replay that."
        )
    found = _read(_Evidence, evidence, f"{name}: evidence")
    return Promise(
        metric=found.metric,
        score=found.score,
        runs=found.seeds,
        rows=found.selection_rows,
        rows_seen=found.trained_on_rows,
        epochs=found.trained_for_epochs,
        spread=SeedSpread(found.seed_deviation, found.seed_freedom),
        is_same_training=False,
        last_seed=max(source.recipe.seed, found.seeds),
    )


def _of_student(source: Source, found: _Scored) -> Promise:
    """The promise of a student, or of several that differ in their seed.

    Their spread is pooled with that of the recipe's search; without one, the error over rows stands
    in, as in a comparison before any run is repeated.
    """
    scores = found.seed_validations or (found.validation,)
    low, high = found.validation_interval
    prior, weight = (high - low) / 2 / NORMAL, PRIOR_RUNS
    if "seed_deviation" in source.recipe.evidence:
        known = _read(_Evidence, source.recipe.evidence, f"{source.name}: evidence")
        prior, weight = known.seed_deviation, known.seed_freedom
    return Promise(
        metric=found.metric,
        score=fmean(scores),
        runs=len(scores),
        rows=found.validation_rows,
        rows_seen=found.validation_trained_on_rows + found.unlabelled_rows,
        epochs=found.validation_epochs,
        spread=SeedSpread.pooled([scores], prior, weight),
        is_same_training=True,
        last_seed=max(source.recipe.seed, *found.seeds, 0),
    )


def _read(shape: type[Shape], data: Mapping[str, Any], place: str) -> Shape:
    try:
        return shape.model_validate(dict(data))
    except ValidationError as error:
        raise SpecError(misfits(error, place)) from None
