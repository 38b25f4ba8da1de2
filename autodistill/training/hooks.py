"""Stages that act while a student trains."""

from autodistill.components.hooks import Hook
from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.study.pipeline import Pipeline


def hooks_of(pipeline: Pipeline) -> tuple[Hook, ...]:
    """The stages of a pipeline that act while it trains, built, in the order of the slots."""
    declared = slots("stage")
    return tuple(
        families.build(declared[slot].family, part.name, part.knobs)
        for slot, part in pipeline.stages.items()
        if declared[slot].hooks
    )
