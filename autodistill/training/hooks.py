"""Stages that act while a student trains, called by Lightning."""

from collections.abc import Sequence
from typing import Any

import lightning

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


class CallHooks(lightning.Callback):
    """Calls each hook at its moments."""

    def __init__(self, hooks: Sequence[Hook], steps: int) -> None:
        self.hooks = hooks
        self.steps = steps

    def on_fit_start(self, trainer: lightning.Trainer, module: Any) -> None:
        """Before the first step."""
        for hook in self.hooks:
            hook.begin(module.student)

    def on_before_optimizer_step(self, trainer: lightning.Trainer, module: Any, *_: Any) -> None:
        """The gradients are there, not clipped yet."""
        for hook in self.hooks:
            hook.before_step(module.student, trainer.global_step / self.steps)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """The student has moved, unless more batches belong to the step."""
        if (batch_idx + 1) % trainer.accumulate_grad_batches:
            return
        for hook in self.hooks:
            hook.after_step(module.student, trainer.global_step / self.steps)

    def on_train_end(self, trainer: lightning.Trainer, module: Any) -> None:
        """After the last step."""
        for hook in self.hooks:
            hook.finish(module.student)
