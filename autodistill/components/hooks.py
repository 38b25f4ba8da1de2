"""The contract of stages that act while a student trains."""

from torch import nn


class Hook:
    """A stage that a training calls; every method may be left as it is.

    A family whose slot is declared with `hooks=True` needs nothing else to take part: its members
    are built once for each training, and called in the order of the slots.
    """

    def begin(self, student: nn.Module) -> None:
        """Look at the student before the first step."""

    def before_step(self, student: nn.Module, progress: float) -> None:
        """Change the gradients, which are computed by now.

        `progress` is 0 at the first step and 1 at the end.
        """

    def after_step(self, student: nn.Module, progress: float) -> None:
        """Change the weights, which have moved."""

    def finish(self, student: nn.Module) -> None:
        """Change the student after the last step."""
