"""A plan for studies of many datasets: datasets, pipelines and length of runs."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from autodistill.errors import SpecError
from autodistill.registry.ranges import random_ask
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import StudyResult
from autodistill.study.space import Space
from autodistill.study.study import Study
from autodistill.study.toml_file import misfits, read_toml

Values = dict[str, Any]
"""Values by the name used in the space; missing ones take the space's default."""
KINDS = ("text", "image")
MOST_DRAWS = 50
"""Draws for each wanted pipeline; a small space has fewer pipelines than wanted."""


class Choice(BaseModel, extra="forbid", frozen=True):
    """Values that a pipeline of the portfolio has, on texts and on images."""

    name: str
    both: Values = {}
    text: Values = {}
    image: Values = {}

    def of(self, kind: str) -> Values:
        """The values for this kind of rows."""
        return {**self.both, **(self.image if kind == "image" else self.text)}


class Plan(BaseModel, extra="forbid", frozen=True):
    """Comparable studies: the same pipelines, each run to its end, and random ones."""

    about: str = ""
    datasets: Annotated[list[str], Field(min_length=1)]
    space: str = "knowledge"
    teacher: str = "embedded"
    rows: Annotated[int, Field(ge=0)] = 0
    """Maximum training rows, for teacher and students; 0 means all."""
    max_length: Annotated[int, Field(ge=8, le=512)] = 128
    run_rows: Annotated[int, Field(ge=32)]
    """Number of these rows that each run is trained on."""
    epochs: Annotated[int, Field(ge=1)] = 1
    seeds: Annotated[int, Field(ge=1)] = 2
    """Runs of each pipeline."""
    free: Annotated[int, Field(ge=0)] = 0
    """Number of pipelines beside the portfolio, drawn at random from the space."""
    students: Annotated[list[Choice], Field(min_length=1)]
    recipes: Annotated[list[Choice], Field(min_length=1)]

    def study(self, dataset: str) -> Study:
        """The study of this dataset."""
        return Study(
            dataset,
            self.teacher,
            self.space,
            rows=self.rows,
            max_length=self.max_length,
            survey=True,
        )

    def pipelines(self, space: Space, kind: str) -> list[Pipeline]:
        """Every recipe with every student; raises SpecError for values outside the space."""
        found, problems, settled = [], list[str](), space.settled()
        for student in self.students:
            for recipe in self.recipes:
                wishes = {**student.of(kind), **recipe.of(kind)}
                values = space.with_defaults(wishes).default_values()
                unheard = [k for k, wish in wishes.items() if {**settled, **values}.get(k) != wish]
                problems += [
                    f"{student.name}, {recipe.name}, {kind}: {space.name} does not take "
                    f"{k} = {wishes[k]!r}; correct the plan or the space."
                    for k in unheard
                ]
                found.append(space.made_of(values))
        if problems:
            raise SpecError(list(dict.fromkeys(problems)))
        return found

    def beside(
        self, space: Space, common: Sequence[Pipeline], record: StudyResult
    ) -> list[Pipeline]:
        """`free` pipelines beside the portfolio: those already run, then random ones.

        They are the same each time, and differ between datasets: more different pipelines to learn
        from.
        """
        tried = {
            o.pipeline.key: o.pipeline for o in record.outcomes if o.number > 0 and not o.baseline
        }
        drawn = (
            space.sample(ask)
            for ask in repeat(
                random_ask(random.Random(record.study.dataset)), MOST_DRAWS * self.free
            )
        )
        known, found = {p.key for p in common}, dict[str, Pipeline]()
        for pipeline in chain(tried.values(), drawn):
            if len(found) == self.free:
                break
            if pipeline.key not in known:
                found[pipeline.key] = pipeline
        return list(found.values())

    def listed(self, space: Space, kind: str, record: StudyResult) -> list[Pipeline]:
        """All pipelines of a study: the portfolio, then those beside it."""
        common = self.pipelines(space, kind)
        return [*common, *self.beside(space, common, record)]

    def is_whole(self, space: Space, kind: str, record: StudyResult) -> bool:
        """Whether all runs of the plan are done."""
        runs = Counter(o.pipeline.key for o in record.finished if o.number > 0 and not o.baseline)
        return all(runs[p.key] >= self.seeds for p in self.listed(space, kind, record))


def read_plan(path: Path) -> Plan:
    """The plan in a TOML file; raises SpecError with every problem of the file."""
    try:
        return Plan.model_validate(read_toml(path, f"the plan {path}"))
    except ValidationError as error:
        raise SpecError(misfits(error, str(path))) from None
