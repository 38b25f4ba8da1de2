"""The Lightning module where rows are mixed."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from autodistill.components.optimizers import OptimizerRecipe
from autodistill.study.pipeline import Term
from autodistill.training.batches import Batch
from autodistill.training.feature_terms import Shapes
from autodistill.training.guidance import Guidance
from autodistill.training.mixing import Mixing, check_takes_embeddings
from autodistill.training.module import Distill
from autodistill.training.placing import place
from autodistill.training.signals import SignalRequest


class MixedDistill(Distill):
    """The same sum of terms over mixed batches."""

    def __init__(
        self,
        student: Any,
        terms: Sequence[Term],
        shapes: Shapes,
        optimizer: OptimizerRecipe,
        steps: int,
        guidance: Guidance,
        mixing: Mixing,
    ) -> None:
        if mixing.mixup.place == "embedding" and student.main_input_name != "pixel_values":
            check_takes_embeddings(student)
        super().__init__(student, terms, shapes, optimizer, steps, guidance)
        self.mixing = mixing

    def on_fit_start(self) -> None:
        """The teacher that is run on the blend follows this module to its device."""
        super().on_fit_start()
        if self.device.type != "cpu" and self.mixing.teacher is not None:
            place(self.mixing.teacher, self.device)

    @property
    def recorded(self) -> SignalRequest:
        """Signals to load from disk; none when the teacher runs live."""
        return super().recorded if self.mixing.teacher is None else SignalRequest()

    def training_step(self, batch: Batch, index: int) -> Tensor:
        """The weighted sum for one batch, mixed first."""
        return super().training_step(
            self.mixing(self.student, batch, self.terms.wanted.pooled), index
        )
