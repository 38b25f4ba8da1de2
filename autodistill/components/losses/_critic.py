"""A separable critic: two towers that meet in one space, so that every pair of rows has a score."""

from jaxtyping import Float
from torch import Tensor, nn

from autodistill.components.losses import FeatureLoss

SCORE_WIDTH = 64
"""Width in which the two towers meet; the value of He et al. 2021, arXiv:2109.11105."""


class CriticLoss(FeatureLoss):
    """A loss on scores; the critic is trained with the student and thrown away."""

    hidden: int
    """Width of the towers."""
    student_tower: nn.Sequential
    teacher_tower: nn.Sequential

    def connect(self, student_width: int, teacher_width: int) -> None:
        """Make the towers."""
        self.student_tower = tower(student_width, self.hidden, SCORE_WIDTH)
        self.teacher_tower = tower(teacher_width, self.hidden, SCORE_WIDTH)

    def scores(
        self,
        student: Float[Tensor, "batch student_width"],
        teacher: Float[Tensor, "batch teacher_width"],
    ) -> Float[Tensor, "batch batch"]:
        """f(student j, teacher i) at [i, j]."""
        found: Tensor = self.teacher_tower(teacher) @ self.student_tower(student).T
        return found


def tower(width: int, hidden: int, out: int) -> nn.Sequential:
    """Two hidden layers."""
    return nn.Sequential(
        nn.Linear(width, hidden),
        nn.ReLU(),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, out),
    )
