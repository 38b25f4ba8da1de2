"""Targets: corrections of the teacher's logits before the student sees them.

A member changes the teacher's logits row by row, given the labels; every loss then uses the result
as the teacher's output.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float, Int
from torch import Tensor

from autodistill.registry.slots import Slot

SLOT = Slot("target", 100, "stage", "none", needs=("logit",), bars=("mixup",))
"""A mixed row has no label to revise towards."""


class Target(ABC):
    """A correction of the teacher's logits."""

    corrects: ClassVar[bool] = True
    """Whether the label becomes the most likely class of more rows."""
    needs: ClassVar[frozenset[str]] = frozenset()
    """Extra inputs; `pooled`: mean teacher states, passed to `see` before step one."""
    for_privacy: ClassVar[bool] = False
    """Whether it trades score for privacy.

    Such a member also receives each row's share of personal words.
    """

    def begin(self, logits: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]) -> None:  # noqa: B027 - most need nothing
        """Fit to the teacher's logits on all training rows, before the first step."""

    @abstractmethod
    def revise(
        self, logits: Float[Tensor, "batch classes"], labels: Int[Tensor, "batch"]
    ) -> Float[Tensor, "batch classes"]:
        """Corrected teacher logits of the same width and dtype."""
