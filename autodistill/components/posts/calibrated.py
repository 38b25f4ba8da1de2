"""Temperature scaling of the trained student.

Source   Guo et al. 2017, arXiv:1706.04599, temperature scaling.
Idea     One number, fitted on rows that the student was not trained on, calibrates its
         probabilities and changes no prediction.
Inputs   a twentieth of the training rows, at least 64, held out from training.
Units    dimensionless: the logits are divided by it.
Differs  the head's weights are divided, so that the exported student needs no further step; limited
         to the range from a tenth to ten.
"""

from typing import ClassVar

from jaxtyping import Float, Int
from scipy.optimize import minimize_scalar
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.posts import Post

LOWEST, HIGHEST = 0.1, 10.0


class Calibrated(Post):
    held_out: ClassVar[float] = 0.05

    def temperature(
        self, logits: Float[Tensor, "rows classes"], labels: Int[Tensor, "rows"]
    ) -> float:
        """The temperature with the lowest cross-entropy."""

        def loss(log_t: float) -> float:
            return float(F.cross_entropy(logits.double() / 2.0**log_t, labels))

        found = minimize_scalar(loss, bounds=(-3.3219, 3.3219), method="bounded")
        return float(min(max(2.0**found.x, LOWEST), HIGHEST))
