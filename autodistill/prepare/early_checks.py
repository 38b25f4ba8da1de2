"""Cheap checks before dear work: refusals before the teacher is tuned or queried."""

from dataclasses import replace

from autodistill.components.students import Backbone
from autodistill.errors import SpecError
from autodistill.prepare.materials import fit_space
from autodistill.prepare.small_students import fitting_students, with_default
from autodistill.prepare.workspace import Workspace, backbone_of
from autodistill.registry import families
from autodistill.runtime.progress import Screen
from autodistill.study.network_rules import clashes
from autodistill.study.recipe import Recipe
from autodistill.study.rules import NETWORK
from autodistill.study.space import Space
from autodistill.study.study_differences import network_keys_of
from autodistill.training.onnx_graph import require_packages


def check_early(workspace: Workspace, screen: Screen) -> Workspace:
    """The workspace with a default student that keeps the limits.

    Raises SpecError where the space has no pipeline for this task, or no student within the limits,
    ExportError where the target's packages are missing.
    """
    if workspace.study.target:
        require_packages(f"--target {workspace.study.target}")
    backbone, fitted = _fitted(workspace)
    for name in fitted.slots["student"]:
        getattr(families.get("students", name), "check", lambda _: None)(backbone)
    if not workspace.study.limits:
        return workspace
    student, starts = fitting_students(workspace, fitted)
    return replace(workspace, space=replace(with_default(workspace.space, student), starts=starts))


def check_space(workspace: Workspace) -> Workspace:
    """The workspace; raises SpecError where its space has no pipeline for this task."""
    _fitted(workspace)
    return workspace


def _fitted(workspace: Workspace) -> tuple[Backbone, Space]:
    """The teacher's network, and the space without what task and teacher make impossible."""
    found = workspace.as_tuned
    backbone = backbone_of(found, workspace.task, workspace.study)
    return backbone, fit_space(workspace, backbone, pooled=found.labels_file is None)


def check_recipe(workspace: Workspace, recipe: Recipe) -> Workspace:
    """The workspace; raises SpecError where this recipe cannot be trained in it."""
    check_student(check_space(workspace), recipe)
    return workspace


def check_student(workspace: Workspace, recipe: Recipe) -> None:
    """Refuse a recipe whose student cannot be made as it was when it was written.

    Raises SpecError for a network that is not one of the study's, whose files were changed, or
    whose tokens some part of the recipe cannot stand beside.
    """
    name = recipe.pipeline.student.knobs.get(NETWORK)
    if not isinstance(name, str):
        return
    known = {network.name: network for network in workspace.networks}
    if name not in known:
        raise SpecError(
            f"the recipe's student is made of the network '{name}', which is none of its study's "
            f"({', '.join(known) or 'there are none'}). Write it into question.student, too."
        )
    before = network_keys_of(recipe.study.fingerprint)
    if len(before) == len(known) and dict(zip(known, before))[name] != known[name].key:
        raise SpecError(
            f"the network '{name}' in {known[name].folder} is not the one that this recipe was "
            "found with: its files were changed. Bring the former ones back, or search again."
        )
    lacks = {network.name: network.lacks for network in workspace.networks}
    if problems := clashes(recipe.pipeline, lacks):
        raise SpecError(problems)
