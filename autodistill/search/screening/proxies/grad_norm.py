"""Norm of the loss's gradients at the start.

Source   Abdelfattah et al. 2021, arXiv:2101.08134.
Idea     A network with large gradients at the start moves fast.
Inputs   a student, a batch with labels.
Units    lengths of gradients, summed over layers.
Differs  weights of linear maps and convolutions only.
"""

from typing import Any

from autodistill.search.screening.proxies import ForwardOutput, Proxy, label_gradients
from autodistill.search.screening.proxies._activity import norms


class GradNorm(Proxy):
    """Sum of the gradients' norms over layers."""

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        return norms(label_gradients(student, shown))
