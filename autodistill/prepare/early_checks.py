"""Cheap checks before dear work: refusals before the teacher is tuned or queried."""

from collections.abc import Sequence
from dataclasses import replace

from autodistill.components.students import Backbone
from autodistill.prepare.materials import fit_space
from autodistill.prepare.small_students import fitting_student, with_default
from autodistill.prepare.workspace import Workspace, backbone_of
from autodistill.registry import families
from autodistill.runtime import settings
from autodistill.runtime.progress import Screen
from autodistill.study import spaces
from autodistill.study.space import Space


def check_early(workspace: Workspace, screen: Screen) -> Workspace:
    """The workspace with a default student that keeps the limits.

    Raises SpecError where the space has no pipeline for this task, or no student within the limits.
    """
    backbone, fitted = _fitted(workspace)
    if warning := named_in_vain(fitted, images=workspace.task.of_images):
        screen.line(f"warning   {warning}")
    for name in fitted.slots["student"]:
        getattr(families.get("students", name), "check", lambda _: None)(backbone)
    if not workspace.study.limits:
        return workspace
    student = fitting_student(workspace, fitted)
    return replace(workspace, space=with_default(workspace.space, student))


def check_space(workspace: Workspace) -> Workspace:
    """The workspace; raises SpecError where its space has no pipeline for this task."""
    _fitted(workspace)
    return workspace


def _fitted(workspace: Workspace) -> tuple[Backbone, Space]:
    """The teacher's network, and the space without what task and teacher make impossible."""
    found = workspace.as_tuned
    backbone = backbone_of(found, workspace.task, workspace.study)
    return backbone, fit_space(workspace, backbone, pooled=found.labels_file is None)


def named_in_vain(space: Space, *, images: bool = False) -> str:
    """A warning where a network is named for students and no student of the space is made of it."""
    names = settings.student_networks()
    if not names or _looks_at_it(space):
        return ""
    others = _spaces_that_do(images=images)
    where = f"name a --space that has one ({', '.join(others)})" if others else "name another"
    return (
        f"{settings.STUDENT}={':'.join(names)} is not looked at: the space '{space.name}' has no "
        f"student made of a network that is named; {where}, or unset {settings.STUDENT}"
    )


def _looks_at_it(space: Space) -> bool:
    return any(
        settings.STUDENT in families.card("students", name).traits.get("variables", ())
        for name in space.slots["student"]
    )


def _spaces_that_do(*, images: bool) -> Sequence[str]:
    return [s.name for s in spaces.readable(images=images) if _looks_at_it(s)]
