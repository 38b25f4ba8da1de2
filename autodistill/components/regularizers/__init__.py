"""Regularizers: what keeps a student's weights in bounds while it is fine-tuned."""

from torch import Tensor, nn

from autodistill.components.hooks import Hook
from autodistill.registry.slots import Slot

SLOT = Slot("regularizer", 170, "stage", "none", hooks=True)


class Regularizer(Hook):
    """A stage that knows the weights from which the training began."""

    start: dict[str, Tensor]
    """Copies of the trained weights before the first step, by name."""

    def begin(self, student: nn.Module) -> None:
        """Copy the weights that are trained."""
        trained = ((n, p) for n, p in student.named_parameters() if p.requires_grad)
        self.start = {name: p.detach().clone() for name, p in trained}
