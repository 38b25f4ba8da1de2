"""Deployment of a recipe: full training, one reading of the test rows, export."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autodistill.components.students import Backbone
from autodistill.deploy.folder import check_reload, write_folder, write_metrics
from autodistill.deploy.reload import predict_rows
from autodistill.errors import SpecError
from autodistill.prepare.materials import prepare
from autodistill.prepare.record_signals import record
from autodistill.prepare.tokens import tokenize
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.registry import families
from autodistill.runtime.cache import refusals
from autodistill.runtime.progress import Screen, short
from autodistill.storage import Store
from autodistill.storage.checks import check_folder
from autodistill.study.recipe import Recipe
from autodistill.training.full import train_in_full
from autodistill.training.latency import latency_ms


@dataclass(frozen=True)
class Deployed:
    """A written folder and its metrics."""

    folder: Path
    metrics: dict[str, Any]


def run(
    recipe: Recipe, out: Path, *, force: bool, storage: str, data_root: Path | None, screen: Screen
) -> Deployed:
    """Train the recipe in full and write the folder `out`, whole or not at all."""
    if out.exists() and not force:
        raise SpecError(
            f"{out} exists already. Give another folder with --out, or --force to replace it."
        )
    if out.exists() and not out.is_dir():
        raise SpecError(f"--out {out} is a file, not a folder; give another name.")
    check_folder(out)
    with refusals(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        with refusals(out):
            metrics = _fill(draft, recipe, storage, data_root, screen)
            draft.chmod(0o755)
            if out.exists():
                shutil.rmtree(out)
            draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Deployed(out, metrics)


def _fill(
    draft: Path, recipe: Recipe, storage: str, data_root: Path | None, screen: Screen
) -> dict[str, Any]:
    workspace = prepare(open_workspace(recipe.study, screen, data_root), screen)
    rows = workspace.data.train_rows + workspace.data.selection_rows
    if recipe.study.fingerprint and recipe.study.fingerprint != workspace.study.fingerprint:
        screen.line(
            "          the data, the teacher or the space have changed since this recipe was "
            "written: its evidence applies to the former ones"
        )
    lessons = Views(workspace, screen)
    views, tutored = lessons(recipe.pipeline), lessons.tutored(recipe.pipeline)
    screen.line(f"training  {rows:,} rows, {recipe.epochs} epochs: {recipe.pipeline}")
    with screen.bar("training the student") as tick:
        asked = (workspace.data, recipe.pipeline)
        trained = train_in_full(
            *asked, epochs=recipe.epochs, seed=recipe.seed, tick=tick, views=views, tutored=tutored
        )
    screen.line(f"training  done in {short(trained.seconds)}")
    write_folder(draft, trained.network, trained.tokenizer, recipe.study.max_length)
    recipe.save(draft / "recipe.toml")
    shard = workspace.test_shard(trained.tokenizer)
    logits = predict_rows(trained.network, shard.tokens, len(workspace.task.test))
    gap = check_reload(draft, shard.tokens, logits)
    np.save(draft / "test_logits.npy", logits)
    reading = _read_test(workspace, recipe, logits, Store(storage), screen)
    metrics = {
        "metric": workspace.task.metric,
        **reading,
        "reload_difference": gap,
        "trained_on_rows": rows,
        "train_seconds": round(trained.seconds, 1),
        "params": int(trained.size["params"]),
        "teacher_params": _teacher_params(workspace),
        "layers": trained.network.config.num_hidden_layers,
        "teacher_layers": workspace.data.backbone.layers,
        "size_bytes": (draft / "model.safetensors").stat().st_size,
        "latency_ms": round(latency_ms(trained.network, shard.median_length), 3),
        **(
            {"image": list(workspace.task.test.images.shape[1:3])}
            if workspace.task.test.images is not None
            else {"latency_tokens": shard.median_length}
        ),
        "own_code": ", ".join(sorted(p.name for p in draft.glob("*.py"))),
    }
    write_metrics(draft, metrics)
    return metrics


def _read_test(
    workspace: PreparedWorkspace, recipe: Recipe, logits: Any, store: Store, screen: Screen
) -> dict[str, Any]:
    """Score student and teacher on the held-out test rows, once per study.

    Later, the first reading is returned again.
    """
    study = str(recipe.evidence.get("study", workspace.study.name))
    if study not in [row.name for row in store.studies()]:
        store.begin(
            recipe.study, {}, name=study
        )  # a recipe from elsewhere: its reading is remembered here from now on
    if earlier := store.test_reading(study):
        screen.line(
            f"test      the held-out test of {study} was scored on {earlier['date']}; that score "
            "stands, this student was not scored"
        )
        return {k: v for k, v in earlier.items() if k != "recipe_key"} | {
            "same_recipe": earlier["recipe_key"] == recipe.pipeline.key
        }
    metric, labels = (
        families.build("metrics", workspace.task.metric, {}),
        workspace.task.test.labels,
    )
    reading: dict[str, Any] = {
        "test_rows": len(labels),
        "student_test": float(metric(metric.decide(logits), labels)),
    }
    if workspace.teacher.labels_file is None:
        teacher = _teacher_logits(workspace, workspace.data.backbone, screen)
        reading["teacher_test"] = float(metric(metric.decide(teacher), labels))
    store.read_test_once(study, recipe.pipeline.key, reading)
    return reading


def _teacher_logits(workspace: PreparedWorkspace, backbone: Backbone, screen: Screen) -> Any:
    tokens = tokenize(
        workspace.teacher.folder, workspace.task.test, workspace.study.max_length, workspace.home
    )
    with screen.bar("scoring the teacher on the held-out test") as tick:
        recorded = record(
            backbone,
            workspace.teacher.key,
            tokens,
            workspace.home,
            bfloat16=workspace.data.bfloat16,
            tick=tick,
        )
    return np.load(recorded.folder / "logits.npy")


def _teacher_params(workspace: PreparedWorkspace) -> int:
    from autodistill.components.students import load_classifier

    network = load_classifier(workspace.teacher.folder, workspace.task.classes)
    return sum(p.numel() for p in network.parameters())


def default_out(recipe: Recipe) -> Path:
    """student-<dataset> in the current folder."""
    stem = "".join(
        c if c.isalnum() else "-"
        for c in os.path.splitext(os.path.basename(recipe.study.dataset))[0]
    ).strip("-")
    return Path(f"student-{stem}")
