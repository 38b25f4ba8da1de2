"""Lightning's calls of the stages that act while a student trains."""

from collections.abc import Sequence
from typing import Any

import lightning

from autodistill.components.hooks import Hook


class CallHooks(lightning.Callback):
    """Calls each hook at its moments."""

    def __init__(self, hooks: Sequence[Hook], steps: int, *, begun: bool = False) -> None:
        self.hooks = hooks
        self.steps = steps
        self.begun = begun
        """Whether they have seen the first step, of a fit that was interrupted."""

    def on_fit_start(self, trainer: lightning.Trainer, module: Any) -> None:
        """Before the first step."""
        if self.begun:
            return
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


class FinishHooks(lightning.Callback):
    """Calls each hook after the last step, and after weights were averaged."""

    def __init__(self, hooks: Sequence[Hook]) -> None:
        self.hooks = hooks

    def on_train_end(self, trainer: lightning.Trainer, module: Any) -> None:
        """The student is as it will stay."""
        for hook in self.hooks:
            hook.finish(module.student)
