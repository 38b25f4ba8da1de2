"""Advice from past studies for a new dataset, as a value to work with in Python."""

import os
from dataclasses import dataclass
from html import escape

import pandas as pd

from autodistill.prepare.memory import Data
from autodistill.prepare.question import Study as Question
from autodistill.prepare.question import plain
from autodistill.recommend import recommend as engine
from autodistill.recommend.recommend import Advised
from autodistill.recommend.sources import Sources
from autodistill.recommend.summary import expected_seconds, lines
from autodistill.runtime.notebook import screen_here
from autodistill.runtime.quiet import quietly
from autodistill.study.places import data_root_of, storage_of
from autodistill.study.recipe import Recipe
from autodistill.study.study import Study


@dataclass(frozen=True)
class Suggestions:
    """Recipes that past studies suggest for a dataset, the likeliest first."""

    advised: Advised

    @property
    def recipe(self) -> Recipe:
        """The first one, to be trained in full."""
        return self.advised.recipe

    @property
    def abstention(self) -> str:
        """Why no recipe is put first; empty when one is."""
        return self.advised.advice.silence

    @property
    def summary(self) -> str:
        """How far to believe it, for people."""
        return "\n".join(line.strip() for line in lines(self.advised))

    def table(self) -> pd.DataFrame:
        """A row for each: the share of pipelines that it should beat (80 % interval), its cost."""
        rows = []
        for s in self.advised.advice.suggestions:
            cost = self.advised.costs(s.pipeline.student)
            rows.append(
                {
                    "beats": s.standing,
                    "low": s.low,
                    "high": s.high,
                    "params": cost["params"],
                    "size_bytes": cost["size_bytes"],
                    "latency_ms": cost["latency_ms"],
                    "train_seconds": expected_seconds(s.pipeline, self.advised),
                    "pipeline": str(s.pipeline),
                }
            )
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        """The first recipe, and how sure."""
        return f"{self.recipe.pipeline}\n{self.summary}"

    def _repr_html_(self) -> str:
        table = self.table().to_html(index=False, float_format="{:.3g}".format, border=0)
        return f"{table}<pre>{escape(self.summary)}</pre>"


def recommend(
    study: Study | Data,
    *,
    shared: bool = True,
    own: bool = True,
    storage: str | os.PathLike[str] | None = None,
    data_root: str | os.PathLike[str] | None = None,
) -> Suggestions:
    """Suggestions of past studies for a dataset, before any search.

    Give a dataset, or a question with its own teacher, space and limits; for a dataset by itself,
    past studies are queried within the space `knowledge`. Past studies are those that ship and
    those in ./studies (`shared`), and those of one's own database (`own`). Raises AutodistillError.
    """
    asked = study if isinstance(study, Study) else Question(study, space="knowledge")
    sources = Sources(shared, own, storage_of(storage))
    with quietly():
        return Suggestions(
            engine.recommend(plain(asked), sources, data_root_of(data_root), screen_here())
        )
