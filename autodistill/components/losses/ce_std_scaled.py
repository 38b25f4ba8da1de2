"""Cross-entropy of logits divided by their standard deviation.

Source   Choi et al. 2022 (mixup in distillation), arXiv:2211.03946, the hard term beside
         kl_std_scaled.
Idea     A row's logits have one spread, whatever their size: mixed rows, which are flat, are
         learned as firmly as clear ones, and logits need not grow.
Inputs   student logits, class indices or class probabilities; at least three classes: with two
         every row gets the same gap, and nothing is left to learn.
Units    nats, averaged over the batch.
Differs  no deviation from the source; predictions need no division, it changes no order.
"""

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import HardLoss, Labels


class StdScaledCrossEntropy(HardLoss):
    """Cross-entropy of logits / standard deviation, through which the gradient flows."""

    kind = "hard"
    needs = frozenset({"labels"})
    at_match = "none"
    soft_labels = True
    fewest_classes = 3

    def compute(self, student: Float[Tensor, "batch classes"], labels: Labels) -> Float[Tensor, ""]:
        """The mean loss; `labels` are class indices or class probabilities."""
        return F.cross_entropy(student / student.std(-1, keepdim=True), labels)
