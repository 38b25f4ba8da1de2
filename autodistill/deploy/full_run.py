"""Deployment of a recipe: full training, its scores, export."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from autodistill.deploy.card import baselines, card_facts
from autodistill.deploy.folder import default_out as default_out
from autodistill.deploy.folder import write_metrics
from autodistill.deploy.measured import teacher_logits
from autodistill.deploy.names import CARD, RECIPE
from autodistill.deploy.scores import (
    Known,
    Logits,
    held_out_scores,
    known_of,
    not_read,
    reading_metrics,
)
from autodistill.deploy.seeds import TEST_LOGITS, median_place, read_numbers, take, write_numbers
from autodistill.deploy.writer import Writer
from autodistill.prepare.early_checks import check_recipe
from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.registry import families
from autodistill.report.model_card import render
from autodistill.runtime import files
from autodistill.runtime.cache import once, refusals
from autodistill.runtime.packages import versions_here
from autodistill.runtime.progress import Screen
from autodistill.storage import Store
from autodistill.storage.checks import check_student_folder
from autodistill.study.recipe import Recipe

KEPT_OUT = (
    "is in the study: the validation rows are kept out of its training, to score this student on "
    "them"
)


@dataclass(frozen=True)
class Apart:
    """A training beside its study: it does not read the held-out test."""

    workspace: PreparedWorkspace
    folder: Path
    """The place of its seeds, in place of the cache: each is trained anew."""


@dataclass(frozen=True)
class Deployed:
    """A written folder and its metrics."""

    folder: Path
    metrics: dict[str, Any]


def run(
    recipe: Recipe,
    out: Path,
    *,
    force: bool,
    storage: str,
    data_root: Path | None,
    screen: Screen,
    read_test_again: bool = False,
    seeds: int = 1,
    device: str = "cpu",
    apart: Apart | None = None,
) -> Deployed:
    """Train the recipe in full and write the folder `out`, whole or not at all.

    With several `seeds` the student of the median validation score is written.

    The held-out test rows are read for the first recipe of a study; for others with
    `read_test_again` only.
    """
    check_student_folder(out, force=force)
    with refusals(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        with files.draft_folder(out) as draft:
            workspace = apart.workspace if apart else prepared(recipe, screen, data_root, device)
            job = _Job(recipe, workspace, storage, screen, read_test_again, seeds, apart)
            metrics = job.fill(draft)
            job.store.close()  # a replay's database goes with its folder
    return Deployed(out, metrics)


def prepared(
    recipe: Recipe, screen: Screen, data_root: Path | None, device: str
) -> PreparedWorkspace:
    """The recipe's data and teacher; one line where they are not those that it was written for."""
    found = open_workspace(recipe.study, screen, data_root, device)
    workspace = prepare(check_recipe(found, recipe), screen)
    if recipe.study.fingerprint and recipe.study.fingerprint != workspace.study.fingerprint:
        screen.line(
            "          the data, the teacher or the space have changed since this recipe was "
            "written: its evidence applies to the former ones"
        )
    return workspace


@dataclass(frozen=True)
class _Job:
    """One recipe on its way to a folder."""

    recipe: Recipe
    workspace: PreparedWorkspace
    storage: str
    screen: Screen
    again: bool
    """Read the held-out test rows though they were read before."""
    seeds: int
    """Students to train; with several, all are scored on validation rows that none has seen."""
    apart: Apart | None

    @cached_property
    def store(self) -> Store:
        """The database, which is opened when the data and the teacher are known to be there."""
        return Store(self.storage)

    def fill(self, draft: Path) -> dict[str, Any]:
        """Train the student, write and score it; the content of metrics.json."""
        recipe, workspace, screen = self.recipe, self.workspace, self.screen
        known = known_of(workspace, recipe, self.store)
        if self.seeds > 1:
            known, numbers, logits = self._median(draft, known.on_train_rows())
        else:
            if known.validates and not self.apart:
                screen.line(f"          no run of this recipe on these rows {KEPT_OUT}")
            numbers = Writer(workspace, recipe, screen).write(draft, validates=known.validates)
            logits = []
        (known.recipe if self.seeds > 1 else recipe).save(draft / RECIPE)
        metrics = {
            "metric": workspace.task.metric,
            "pairs": workspace.task.train.second is not None,
            **self._validation(known),
            **self._held_out(known, np.load(draft / TEST_LOGITS), logits),
            **numbers,
            "teacher_validation": workspace.teacher_score,
            "baselines": baselines(workspace, self.store.record(known.study).facts),
            "versions": versions_here(),
        }
        write_metrics(draft, metrics)
        facts = card_facts(draft, workspace, known, metrics)
        files.write_text(draft / CARD, render(facts))
        return metrics

    def _median(self, draft: Path, known: Known) -> tuple[Known, dict[str, Any], list[Logits]]:
        """Write the student whose validation score is the median of those of several seeds.

        A seed that is trained stays in the cache: after an interruption it is not trained again.
        """
        home = (self.apart.folder if self.apart else self.workspace.home) / "students"
        scores: list[float] = []
        folders: list[Path] = []
        seeds = range(self.recipe.seed, self.recipe.seed + self.seeds)
        for number, seed in enumerate(seeds, 1):
            each = known.of_seed(seed)
            folders.append(home / each.key)
            self.screen.line(f"seed {seed:<5}{number} of {self.seeds}, on the training rows alone")
            is_new = once(folders[-1], partial(self._keep, each.recipe))
            scores.append(read_numbers(folders[-1])["validation"])
            kept = "" if is_new else ", trained before"
            self.screen.line(f"          validation {scores[-1]:.4f}{kept}")
        chosen = median_place(scores)
        take(folders[chosen], draft)
        spread = {"seed": seeds[chosen], "seeds": list(seeds), "seed_validations": scores}
        return (
            known.of_seed(seeds[chosen]),
            {**read_numbers(folders[chosen]), **spread},
            [np.load(folder / TEST_LOGITS) for folder in folders],
        )

    def _keep(self, recipe: Recipe, folder: Path) -> None:
        writer = Writer(self.workspace, recipe, self.screen)
        write_numbers(folder, writer.write(folder, validates=True))

    def _validation(self, known: Known) -> dict[str, Any]:
        """The recipe's score in its study; that of a student that was scored is known already."""
        if known.validates:
            return {}
        if known.validation is not None:
            return known.validation
        self.screen.line(
            "          no run of this recipe is in the study: it is trained once more without "
            "the validation rows, to score it on them"
        )
        writer = Writer(self.workspace, self.recipe, self.screen)
        return writer.validation(writer.train(validates=True), "recipe")

    def _held_out(self, known: Known, logits: Logits, seeds: Sequence[Logits]) -> dict[str, Any]:
        """This student's own score on the held-out test rows, or why it has none.

        Those of all `seeds` belong to one reading: it was not by them that one was chosen.
        """
        if self.apart:
            return {"test_note": "a replay does not read the held-out test"}
        own = known.own_reading()
        if own and not self.again:
            self.screen.line(
                f"test      this recipe was scored on the held-out test on {own.day}; that score "
                "stands"
            )
            return {**reading_metrics(own), "same_recipe": True}
        if known.readings and not self.again:
            return not_read(known.readings)
        workspace, task = self.workspace, self.workspace.task
        metric, labels = families.build("metrics", task.metric, {}), task.test.labels
        scores = held_out_scores(logits, labels, metric)
        if seeds:
            scores["seed_tests"] = [float(metric(metric.decide(each), labels)) for each in seeds]
        if workspace.teacher.labels_file is None:
            teacher = teacher_logits(workspace, workspace.data.backbone, self.screen)
            scores["teacher_test"] = float(metric(metric.decide(teacher), labels))
        reading = self.store.read_test(known.study, known.key, scores, again=self.again)
        if reading is None:  # another process was faster
            return not_read(self.store.test_readings(known.study))
        return reading_metrics(reading)
