"""autodistill as a user runs it: search command, curve, test score of the recipe."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa
import torch

from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import open_workspace
from autodistill.registry import families
from autodistill.runtime.launch import environment
from autodistill.runtime.progress import Screen, short
from autodistill.storage import Store
from autodistill.storage.tables import OUTCOME
from autodistill.study.recipe import Recipe
from autodistill.training.full import train_in_full
from autodistill.training.predictions import predict
from benchmarks.baseline.process import run_process
from benchmarks.baseline.script import Ask

STUDY = "baseline"


@dataclass
class Ours:
    """One study in a folder and home of its own, both empty before its first command."""

    ask: Ask
    dataset: Path
    space: Path
    place: Path
    seed: int
    starts: list[tuple[datetime, float]] = field(default_factory=list)
    """Start of each search command, and the wall seconds of those before it."""
    spent: float = 0.0
    known: dict[str, tuple[float, ...]] = field(default_factory=dict)
    """Scores of recipes that were trained already, by pipeline."""

    @property
    def env(self) -> Mapping[str, str]:
        """Environment variables of the commands."""
        return {"AUTODISTILL_HOME": str(self.place / "home")}

    def search(self, budget_seconds: float) -> float:
        """`autodistill search` with this total budget; returns its wall seconds."""
        self.starts.append((datetime.now(UTC), self.spent))
        asked = {
            "dataset": self.dataset,
            "teacher": self.ask.teacher,
            "space": self.space,
            "metric": "accuracy",
            "rows": self.ask.rows,
            "workers": self.ask.threads,
            "seed": self.seed,
            "budget": f"{budget_seconds:g}s",
            "study": STUDY,
            "out": "recipe.toml",
        }
        seconds = self._autodistill(
            "search", *(word for name, value in asked.items() for word in (f"--{name}", str(value)))
        )
        self.spent += seconds
        return seconds

    def run(self) -> float:
        """`autodistill train` with the recommended recipe; returns its wall seconds."""
        return self._autodistill("run", "recipe.toml", "--out", "student", "--force")

    def evaluate(self) -> tuple[str, tuple[float, ...]]:
        """The recommended recipe and its test scores after full trainings, one per seed.

        Seeds are 1, 2, and so on.
        """
        recipe = self.recipe()
        key = recipe.pipeline.key
        if key not in self.known:
            self.known[key] = self.scores(recipe)
        return str(recipe.pipeline), self.known[key]

    def recipe(self) -> Recipe:
        """The recipe recommended by the last search."""
        return Recipe.load(self.place / "recipe.toml")

    def scores(self, recipe: Recipe, *, selection: bool = True) -> tuple[float, ...]:
        """Test scores, one per seed; trained as by `autodistill train`.

        On train and validation rows, or without the latter.
        """
        screen = Screen()
        torch.set_num_threads(self.ask.threads)
        with environment(self.env):
            workspace = prepare(open_workspace(recipe.study, screen, None), screen)
            data = workspace.data if selection else replace(workspace.data, selection_rows=0)
            found = []
            for seed in range(1, 1 + self.ask.seeds):
                with screen.bar(f"training the recipe with seed {seed}") as tick:
                    trained = train_in_full(
                        data, recipe.pipeline, epochs=recipe.epochs, seed=seed, tick=tick
                    )
                shard = workspace.test_shard(trained.words).open()
                predictions = predict(trained.network, shard, np.arange(len(shard.labels))).argmax(
                    1
                )
                found.append(
                    float(families.build("metrics", "accuracy", {})(predictions, shard.labels))
                )
                screen.line(
                    f"training  seed {seed}: {found[-1]:.4f} on the held-out test rows, "
                    f"{short(trained.seconds)}"
                )
        return tuple(found)

    def curve(self) -> list[tuple[float, float]]:
        """Wall seconds of search commands and validation score, for each complete run."""
        query = sa.select(OUTCOME.c.finished_at, OUTCOME.c.score)
        query = query.where(
            OUTCOME.c.study == STUDY, OUTCOME.c.status == "complete", OUTCOME.c.control == ""
        )
        with Store(str(self.place / "autodistill.db")).database.reading() as connection:
            rows = connection.execute(query.order_by(OUTCOME.c.finished_at)).all()
        return [
            (self.elapsed(datetime.fromisoformat(row.finished_at)), float(row.score))
            for row in rows
        ]

    def elapsed(self, moment: datetime) -> float:
        """Wall seconds that search commands had taken at this moment."""
        began, before = next(start for start in reversed(self.starts) if start[0] <= moment)
        return before + (moment - began).total_seconds()

    def _autodistill(self, *words: str) -> float:
        command = [sys.executable, "-m", "autodistill", *words]
        return run_process(
            command, self.place, self.ask.threads, f"autodistill {words[0]}", self.env
        )
