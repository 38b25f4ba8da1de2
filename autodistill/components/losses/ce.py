"""Cross-entropy with the labels.

Source   Maximum likelihood of a categorical variable; the hard term of Hinton et al. 2015,
         arXiv:1503.02531.
Idea     Raise the probability of the correct class.
Inputs   student logits and labels; at least two classes.
Units    nats, averaged over the batch.
Differs  no deviation from the source.
"""

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels


class CrossEntropy(HardLoss):
    """Mean of -log p(label), or its expectation under class probabilities."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    soft_labels = True

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The loss of the batch."""
        return F.cross_entropy(student, labels)
