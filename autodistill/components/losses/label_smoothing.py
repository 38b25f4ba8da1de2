"""Cross-entropy with part of each label spread over all classes.

Source   Szegedy et al. 2015, arXiv:1512.00567, section 7.
Idea     No label is entirely certain, so the student is not driven towards infinite logits.
Inputs   student logits, class indices or class probabilities; at least two classes.
Units    nats, averaged over the batch.
Differs  not zero-based: the entropy of the smoothed label is included.
"""

from typing import Annotated

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels
from autodistill.registry.ranges import Real


class LabelSmoothing(HardLoss):
    """Mean over rows of -sum of [(1 - epsilon) y + epsilon / classes] log q."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    soft_labels = True

    def __init__(self, *, epsilon: Annotated[float, Real(0.01, 0.3)] = 0.1) -> None:
        super().__init__()
        self.epsilon = epsilon

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The mean loss; `labels` are class indices or class probabilities."""
        return F.cross_entropy(student, labels, label_smoothing=self.epsilon)
