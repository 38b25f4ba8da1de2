"""A separable critic: two towers into one space, which score every pair of rows."""

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.components.losses import FeatureLoss

SCORE_WIDTH = 64
"""Width of the towers' common output space.

The value of He et al. 2021, arXiv:2109.11105.
"""


class CriticLoss(FeatureLoss):
    """A loss on critic scores; the critic trains with the student, then is discarded."""

    hidden: int
    """Width of the towers' hidden layers."""
    student_tower: nn.Sequential
    teacher_tower: nn.Sequential

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Build the two towers."""
        self.student_tower = tower(student_width, self.hidden, SCORE_WIDTH)
        self.teacher_tower = tower(teacher_width, self.hidden, SCORE_WIDTH)

    def scores(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, "batch batch"]:
        """Critic scores: f(student j, teacher i) at [i, j]."""
        found: Tensor = self.teacher_tower(teacher) @ self.student_tower(student).T
        return found


def tower(width: int, hidden: int, out: int) -> nn.Sequential:
    """An MLP with two hidden layers."""
    return nn.Sequential(
        nn.Linear(width, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, out),
    )
