"""KL divergence restricted to the teacher's most likely classes.

Source   this project's own, after nucleus sampling (Holtzman et al. 2019, arXiv:1904.09751): the
         support is cut at a share of the teacher's probability mass.
Idea     With many classes the tail of a teacher is noise: both networks are renormalised over the
         classes that make up `mass`.
Inputs   logits of both networks; at least ten classes.
Units    nats, averaged over the batch, multiplied by T².
Differs  at mass 1 it equals `kl`; probability that the student gives to other classes is not
         penalised, so a hard loss is required.
"""

from typing import Annotated

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import Labels, RowLoss
from autodistill.registry.ranges import Real


class DAC(RowLoss):
    """T² KL(teacher || student), renormalised over the teacher's top classes.

    The top classes are the smallest set with a probability of at least `mass`.
    """

    kind = "logit"
    needs = frozenset({"logits"})
    at_match = "zero"
    fewest_classes = 10
    sees_rows = False

    def __init__(
        self,
        *,
        mass: Annotated[float, Real(0.8, 0.999)] = 0.95,
        temperature: Annotated[float, Real(1.0, 8.0, log=True)] = 2.0,
    ) -> None:
        super().__init__()
        self.mass = mass
        self.temperature = temperature

    def rows(
        self,
        student: Float[Tensor, "batch classes"],
        teacher: Float[Tensor, "batch classes"],
        labels: Labels,
    ) -> Float[Tensor, "batch"]:
        """The loss of each row; `labels` are ignored."""
        t = self.temperature
        sure, order = F.softmax(teacher / t, dim=-1).sort(dim=-1, descending=True, stable=True)
        before = sure.cumsum(-1) - sure
        cut = torch.zeros_like(sure).scatter(
            1, order, torch.zeros_like(sure).masked_fill(before >= self.mass, -torch.inf)
        )
        ours, theirs = (
            F.log_softmax(student / t + cut, dim=-1),
            F.log_softmax(teacher / t + cut, dim=-1),
        )
        return torch.where(cut == 0, theirs.exp() * (theirs - ours), 0.0).sum(-1) * t**2
