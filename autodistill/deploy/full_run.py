"""Deployment of a recipe: full training, its scores, export."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from autodistill.components.students import Backbone, load_teacher
from autodistill.datasets import Rows
from autodistill.deploy.folder import check_reload, write_folder, write_metrics
from autodistill.deploy.reload import predict_rows
from autodistill.deploy.scores import (
    Known,
    Logits,
    held_out_scores,
    known_of,
    not_read,
    reading_metrics,
    student_validation,
)
from autodistill.prepare.early_checks import check_recipe
from autodistill.prepare.materials import prepare
from autodistill.prepare.record_signals import record
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.registry import families
from autodistill.runtime import arrays, files
from autodistill.runtime.cache import refusals
from autodistill.runtime.progress import Screen, short
from autodistill.storage import Store
from autodistill.storage.checks import check_student_folder
from autodistill.study.pipeline import NONE
from autodistill.study.recipe import Recipe
from autodistill.training.full import Trained, train_in_full
from autodistill.training.latency import latency_ms


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
    device: str = "cpu",
) -> Deployed:
    """Train the recipe in full and write the folder `out`, whole or not at all.

    The held-out test rows are read for the first recipe of a study; for others with
    `read_test_again` only.
    """
    check_student_folder(out, force=force)
    with refusals(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        with files.draft_folder(out) as draft:
            job = _Job(recipe, storage, screen, read_test_again, device)
            metrics = job.fill(draft, data_root)
    return Deployed(out, metrics)


@dataclass(frozen=True)
class _Job:
    """One recipe on its way to a folder."""

    recipe: Recipe
    storage: str
    screen: Screen
    again: bool
    """Read the held-out test rows though they were read before."""
    device: str

    @cached_property
    def store(self) -> Store:
        """The database, which is opened when the data and the teacher are known to be there."""
        return Store(self.storage)

    def fill(self, draft: Path, data_root: Path | None) -> dict[str, Any]:
        """Train the student, write and score it; the content of metrics.json."""
        recipe, screen = self.recipe, self.screen
        found = open_workspace(recipe.study, screen, data_root, self.device)
        workspace = prepare(check_recipe(found, recipe), screen)
        if recipe.study.fingerprint and recipe.study.fingerprint != workspace.study.fingerprint:
            screen.line(
                "          the data, the teacher or the space have changed since this recipe was "
                "written: its evidence applies to the former ones"
            )
        known = known_of(workspace, recipe, self.store)
        data = workspace.data
        rows = data.train_rows + (0 if known.validates else data.selection_rows)
        if known.validates:
            screen.line(
                f"          no run of this recipe on these rows is in the study {known.study}: the "
                "validation rows are kept out of its training, to score this student on them"
            )
        trained = self._train(workspace, validates=known.validates)
        write_folder(draft, trained.network, trained.words.folder, workspace.cut_at(trained.words))
        recipe.save(draft / "recipe.toml")
        shard = workspace.test_shard(trained.words)
        logits = predict_rows(trained.network, shard.tokens, len(workspace.task.test))
        gap = check_reload(draft, shard.tokens, logits)
        arrays.save(draft / "test_logits.npy", logits)
        metrics = {
            "metric": workspace.task.metric,
            **self._validation(workspace, known, trained),
            **self._held_out(workspace, known, logits),
            "reload_difference": gap,
            "trained_on_rows": rows,
            **({"unlabelled_rows": data.pool_rows} if data.pool_rows else {}),
            "train_seconds": round(trained.seconds, 1),
            **_size(draft, workspace, trained, shard.median_length),
        }
        write_metrics(draft, metrics)
        return metrics

    def _train(self, workspace: PreparedWorkspace, *, validates: bool) -> Trained:
        recipe, data, screen = self.recipe, workspace.data, self.screen
        lessons = Views(workspace, screen)
        views, tutored = lessons(recipe.pipeline), lessons.tutored(recipe.pipeline)
        rows = data.train_rows + (0 if validates else data.selection_rows)
        pool = data.pool_rows if recipe.pipeline.stage("transfer") != NONE else 0
        more = f" and {pool:,} unlabelled ones" if pool else ""
        screen.line(f"training  {rows:,} rows{more}, {recipe.epochs} epochs: {recipe.pipeline}")
        with screen.bar("training the student") as tick:
            trained = train_in_full(
                *(data, recipe.pipeline),
                epochs=recipe.epochs,
                seed=recipe.seed,
                tick=tick,
                views=views,
                tutored=tutored,
                validates=validates,
            )
        screen.line(f"training  done in {short(trained.seconds)}")
        return trained

    def _validation(
        self, workspace: PreparedWorkspace, known: Known, trained: Trained
    ) -> dict[str, Any]:
        """The recipe's score in its study, or that of a student that has not seen these rows."""
        if known.validation is not None:
            return known.validation
        if not known.validates:
            self.screen.line(
                "          no run of this recipe is in the study: it is trained once more without "
                "the validation rows, to score it on them"
            )
            trained = self._train(workspace, validates=True)
        rows: Rows = workspace.task.selection
        shard = workspace.shard(rows, trained.words)
        logits = predict_rows(trained.network, shard.tokens, len(rows))
        metric = families.build("metrics", workspace.task.metric, {})
        train_rows = workspace.data.train_rows
        return {
            **student_validation(logits, rows.labels, metric),
            "validation_of": "student" if known.validates else "recipe",
            "validation_trained_on_rows": train_rows,
            "validation_epochs": self.recipe.epochs,
        }

    def _held_out(
        self, workspace: PreparedWorkspace, known: Known, logits: Logits
    ) -> dict[str, Any]:
        """This student's own score on the held-out test rows, or why it has none."""
        own = known.own_reading()
        if own and not self.again:
            self.screen.line(
                f"test      this recipe was scored on the held-out test on {own.day}; that score "
                "stands"
            )
            return {**reading_metrics(own), "same_recipe": True}
        if known.readings and not self.again:
            return not_read(known.readings)
        metric = families.build("metrics", workspace.task.metric, {})
        labels = workspace.task.test.labels
        scores = held_out_scores(logits, labels, metric)
        if workspace.teacher.labels_file is None:
            teacher = _teacher_logits(workspace, workspace.data.backbone, self.screen)
            scores["teacher_test"] = float(metric(metric.decide(teacher), labels))
        reading = self.store.read_test(known.study, known.key, scores, again=self.again)
        if reading is None:  # another process was faster
            return not_read(self.store.test_readings(known.study))
        return reading_metrics(reading)


def _size(draft: Path, workspace: PreparedWorkspace, trained: Trained, length: int) -> Any:
    """Size and speed of the student beside its teacher's."""
    images = workspace.task.test.images
    teacher = load_teacher(workspace.data.backbone)
    return {
        "params": int(trained.size["params"]),
        "teacher_params": sum(p.numel() for p in teacher.parameters()),
        "layers": trained.network.config.num_hidden_layers,
        "teacher_layers": workspace.data.backbone.layers,
        "size_bytes": (draft / "model.safetensors").stat().st_size,
        "latency_ms": round(latency_ms(trained.network, length), 3),
        **(
            {"image": list(images.shape[1:3])} if images is not None else {"latency_tokens": length}
        ),
        "own_code": ", ".join(sorted(p.name for p in draft.glob("*.py"))),
    }


def _teacher_logits(workspace: PreparedWorkspace, backbone: Backbone, screen: Screen) -> Any:
    tokens = workspace.tokens(workspace.teacher.folder, workspace.task.test)
    with screen.bar("scoring the teacher on the held-out test") as tick:
        recorded = record(
            backbone,
            workspace.teacher.key,
            tokens,
            workspace.home,
            device=workspace.data.device,
            tick=tick,
        )
    return np.load(recorded.folder / "logits.npy")


def default_out(recipe: Recipe) -> Path:
    """student-<dataset> in the current folder."""
    stem = "".join(
        c if c.isalnum() else "-"
        for c in os.path.splitext(os.path.basename(recipe.study.dataset))[0]
    ).strip("-")
    return Path(f"student-{stem}")
