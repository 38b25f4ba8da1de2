"""The score that a recipe, or a student's folder, promises for one more training of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, PositiveInt, ValidationError

from autodistill.analysis.seed_spread import PRIOR_RUNS, SeedSpread
from autodistill.deploy.names import METRICS
from autodistill.errors import SpecError
from autodistill.study.recipe import Recipe
from autodistill.study.toml_file import misfits

NORMAL = 1.96
"""Standard deviations of a normal distribution on each side of a 95% interval."""
Score = Annotated[float, Field(ge=-1, le=1)]
Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Promise:
    """A mean score of known runs on the validation rows, and their spread over seeds."""

    metric: str
    score: float
    runs: int
    rows: int
    """Validation rows."""
    trained_on_rows: int
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
    seed_deviation: Annotated[float, Field(ge=0, le=1)]
    seed_freedom: PositiveInt


class _Scored(BaseModel):
    """The part of metrics.json about a student that has not learned from the validation rows."""

    metric: str
    validation: Score
    validation_interval: tuple[Score, Score]
    validation_rows: PositiveInt
    validation_trained_on_rows: PositiveInt
    validation_epochs: PositiveInt
    seeds: tuple[int, ...] = ()
    seed_validations: Annotated[tuple[Score, ...], Field(min_length=1)] | None = None


def promise_of(recipe: Recipe, metrics: Mapping[str, Any], source: str) -> Promise:
    """The promise of a recipe, and of its student where `metrics` are those of a folder.

    A student that was scored on validation rows which it has not learned from is the same training;
    for any other the search's runs speak. Raises SpecError where there is none.
    """
    if metrics.get("validation_of") == "student":
        return _of_student(recipe, _read(_Scored, metrics, f"{source}/{METRICS}"), source)
    evidence = recipe.evidence
    if "score" not in evidence:
        raise SpecError(
            f"{source} promises no score: no search measured it on this dataset. Train it with "
            "`autodistill train RECIPE --seeds 3`, and replay the folder that this writes."
        )
    if "seed_deviation" not in evidence:
        raise SpecError(
            f"{source} holds no interval for a new training: its score_interval is that of a mean, "
            "over the choice of rows, and its spread over seeds was not written by versions before "
            "this one. Write the recipe again from its study with `autodistill recommend --study "
            f"{evidence.get('study', 'NAME')} --out FILE`, and replay that."
        )
    found = _read(_Evidence, evidence, f"{source}: evidence")
    return Promise(
        metric=found.metric,
        score=found.score,
        runs=found.seeds,
        rows=found.selection_rows,
        trained_on_rows=found.trained_on_rows,
        epochs=found.trained_for_epochs,
        spread=SeedSpread(found.seed_deviation, found.seed_freedom),
        is_same_training=False,
        last_seed=max(recipe.seed, found.seeds),
    )


def _of_student(recipe: Recipe, found: _Scored, source: str) -> Promise:
    """The promise of a student, or of several that differ in their seed.

    Their spread is pooled with that of the recipe's search; without one, the error over rows stands
    in, as in a comparison before any run is repeated.
    """
    scores = found.seed_validations or (found.validation,)
    low, high = found.validation_interval
    prior, weight = (high - low) / 2 / NORMAL, PRIOR_RUNS
    if "seed_deviation" in recipe.evidence:
        known = _read(_Evidence, recipe.evidence, f"{source}: evidence")
        prior, weight = known.seed_deviation, known.seed_freedom
    return Promise(
        metric=found.metric,
        score=fmean(scores),
        runs=len(scores),
        rows=found.validation_rows,
        trained_on_rows=found.validation_trained_on_rows,
        epochs=found.validation_epochs,
        spread=SeedSpread.pooled([scores], prior, weight),
        is_same_training=True,
        last_seed=max(recipe.seed, *found.seeds, 0),
    )


def _read(shape: type[Shape], data: Mapping[str, Any], place: str) -> Shape:
    try:
        return shape.model_validate(dict(data))
    except ValidationError as error:
        raise SpecError(misfits(error, place)) from None
