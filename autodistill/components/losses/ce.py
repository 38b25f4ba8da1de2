"""Cross-entropy with the labels.

Source   Maximum likelihood of a categorical variable; the hard term of Hinton et al. 2015, arXiv:1503.02531.
Idea     Raise the probability of the right class.
Inputs   student logits and labels; two classes or more.
Units    nats, mean over the batch.
Differs  in nothing.
"""

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels


class CrossEntropy(HardLoss):
    """Mean of -log p(label); under shares of the classes, the mean of it by these shares."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    soft_labels = True

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The formula."""
        return F.cross_entropy(student, labels)
