"""A recipe trained once more, and whether its score lands where the recipe says."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from autodistill.deploy.full_run import Apart, run
from autodistill.deploy.promise import Promise, Source, promise_of
from autodistill.deploy.replay_result import Replay
from autodistill.errors import DataError, SpecError
from autodistill.prepare.early_checks import check_recipe
from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import PreparedWorkspace, Workspace, open_workspace
from autodistill.runtime.cache import temporary_folder
from autodistill.runtime.packages import versions_here
from autodistill.runtime.progress import Screen
from autodistill.storage.checks import check_student_folder
from autodistill.study.study_differences import differences, rows_key_of

SPACE = 2
"""The place of the space's hash in a fingerprint: a recipe is one point, whatever is around it."""


def replay(
    source: Source,
    screen: Screen,
    *,
    seeds: int = 1,
    out: Path | None = None,
    force: bool = False,
    anyway: bool = False,
    data_root: Path | None = None,
    device: str = "cpu",
) -> Replay:
    """Train a recipe with new seeds and score it on the validation rows; raises AutodistillError.

    The validation rows are kept out of the training. Nothing stays but the folder `out`.
    """
    promise = promise_of(source)
    if out is not None:
        check_student_folder(out, force=force)
    versions = _other_versions(source, promise)
    for line in versions:
        screen.line(f"version   {line}")
    workspace, changes = _prepared(source, promise, screen, anyway, data_root, device)
    recipe = replace(source.recipe, seed=promise.last_seed + 1)
    with temporary_folder() as home:
        done = run(
            *(recipe, out or home / "student"),
            force=force,
            storage=str(home / "replay.db"),
            data_root=data_root,
            screen=screen,
            seeds=seeds,
            apart=Apart(workspace, home),
        )
    m = done.metrics
    return Replay(
        promise,
        tuple(m.get("seeds", [recipe.seed])),
        tuple(m.get("seed_validations", [m["validation"]])),
        m["validation_trained_on_rows"] + m.get("unlabelled_rows", 0),
        m["validation_epochs"],
        (*versions, *changes),
    )


def _other_versions(source: Source, promise: Promise) -> list[str]:
    """Packages that have another version here than the promised score was measured with."""
    known = (source.metrics if promise.is_same_training else source.recipe.evidence).get("versions")
    if not isinstance(known, Mapping):
        return [f"{source.name} does not say with which versions its score was measured"]
    here = versions_here()
    return [
        f"{name}: was {before}, now {here.get(name, 'not installed')}"
        for name, before in known.items()
        if here.get(name) != before
    ]


def _prepared(
    source: Source,
    promise: Promise,
    screen: Screen,
    anyway: bool,
    data_root: Path | None,
    device: str,
) -> tuple[PreparedWorkspace, list[str]]:
    """The data and the teacher, and how they differ from those of the recipe, said at once."""
    recipe = source.recipe
    found = open_workspace(recipe.study, screen, data_root, device)
    _check_rows(source, promise, found, anyway)
    workspace = prepare(check_recipe(found, recipe), screen)
    before, now = (x.split("-") for x in (recipe.study.fingerprint, workspace.study.fingerprint))
    now[SPACE : SPACE + 1] = before[SPACE : SPACE + 1]
    changes = differences({"fingerprint": "-".join(before)}, {"fingerprint": "-".join(now)})
    if not recipe.study.fingerprint:
        changes = ["the recipe does not say which rows and teacher it is about"]
    for line in changes:
        screen.line(f"changed   {line}")
    return workspace, changes


def _check_rows(source: Source, promise: Promise, found: Workspace, anyway: bool) -> None:
    """Refuse rows or a metric on which the promised score is no measure of the new one."""
    recipe, task = source.recipe, found.task
    if promise.metric != task.metric:
        raise SpecError(
            f"{source.name} promises a score in {promise.metric}, its question is about "
            f"{task.metric}: the two cannot be compared."
        )
    before, now = rows_key_of(recipe.study.fingerprint), rows_key_of(task.fingerprint)
    if before and before != now and not anyway:
        raise DataError(
            f"{recipe.study.dataset} is not the dataset that {source.name} was scored on: its rows "
            f"differ (fingerprint {before} then, {now} now), so a score on them says nothing about "
            "the promised one. Bring the former rows back, or replay it with --anyway."
        )
