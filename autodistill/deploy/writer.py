"""One student on its way to a folder: trained, written, loaded again, measured."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodistill.datasets import Rows
from autodistill.deploy.folder import check_reload, write_folder
from autodistill.deploy.measured import size_of
from autodistill.deploy.reload import predict_rows
from autodistill.deploy.scores import student_validation
from autodistill.deploy.seeds import TEST_LOGITS
from autodistill.prepare.unfinished import checkpoint_of
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.runtime import arrays
from autodistill.runtime.progress import Screen, short
from autodistill.study.pipeline import NONE
from autodistill.study.recipe import Recipe
from autodistill.training.begun import steps_begun
from autodistill.training.full import Trained, train_in_full


@dataclass(frozen=True)
class Writer:
    """Trains a recipe's student and writes it; scores of the held-out test are not its business."""

    workspace: PreparedWorkspace
    recipe: Recipe
    screen: Screen

    def write(self, draft: Path, *, validates: bool) -> dict[str, Any]:
        """Train a student and write all of its folder but the scores; what was measured."""
        workspace, data = self.workspace, self.workspace.data
        trained = self.train(validates=validates)
        write_folder(draft, trained.network, trained.words.folder, workspace.cut_at(trained.words))
        shard = workspace.test_shard(trained.words)
        logits = predict_rows(trained.network, shard.tokens, len(workspace.task.test))
        with self.screen.busy("reading the written student with a new process"):
            gap = check_reload(draft, shard.tokens, logits)
        arrays.save(draft / TEST_LOGITS, logits)
        return {
            **(self.validation(trained, "student") if validates else {}),
            "reload_difference": gap,
            "trained_on_rows": data.train_rows + (0 if validates else data.selection_rows),
            **({"unlabelled_rows": data.pool_rows} if data.pool_rows else {}),
            "train_seconds": round(trained.seconds, 1),
            **size_of(draft, workspace, trained, shard.median_length),
        }

    def train(self, *, validates: bool) -> Trained:
        """A student in memory."""
        workspace, recipe, screen = self.workspace, self.recipe, self.screen
        data = workspace.data
        lessons = Views(workspace, screen)
        views, tutored = lessons(recipe.pipeline), lessons.tutored(recipe.pipeline)
        rows = data.train_rows + (0 if validates else data.selection_rows)
        pool = data.pool_rows if recipe.pipeline.stage("transfer") != NONE else 0
        more = f" and {pool:,} unlabelled ones" if pool else ""
        screen.line(f"training  {rows:,} rows{more}, {recipe.epochs} epochs: {recipe.pipeline}")
        place = checkpoint_of(workspace, recipe.key, recipe.epochs, recipe.seed, rows)
        if done := steps_begun(place):
            screen.line(f"          it was interrupted: it goes on after step {done:,}")
        with screen.bar("training the student") as tick:
            trained = train_in_full(
                *(data, recipe.pipeline),
                epochs=recipe.epochs,
                seed=recipe.seed,
                tick=tick,
                hear=lambda loss: screen.remark(f"loss {loss:.3f}"),
                views=views,
                tutored=tutored,
                validates=validates,
                checkpoint=place,
            )
        screen.line(f"training  done in {short(trained.seconds)}")
        return trained

    def validation(self, trained: Trained, whose: str) -> dict[str, Any]:
        """The score of a student that has not seen the validation rows."""
        workspace = self.workspace
        rows: Rows = workspace.task.selection
        shard = workspace.shard(rows, trained.words)
        logits = predict_rows(trained.network, shard.tokens, len(rows))
        metric = families.build("metrics", workspace.task.metric, {})
        return {
            **student_validation(logits, rows.labels, metric),
            "validation_of": whose,
            "validation_trained_on_rows": workspace.data.train_rows,
            "validation_epochs": self.recipe.epochs,
        }
