"""Sensitivity of the loss to the weights.

Source   Lee et al. 2019 (SNIP), arXiv:1810.02340; as a proxy: Abdelfattah et al. 2021,
         arXiv:2101.08134.
Idea     Weights whose removal would change the loss much are weights at work.
Inputs   a student, a batch with labels.
Units    those of the loss, summed over weights.
Differs  weights of linear maps and convolutions only.
"""

from typing import Any

from autodistill.search.screening.proxies import ForwardOutput, Proxy, label_gradients
from autodistill.search.screening.proxies._activity import saliency


class SNIP(Proxy):
    """Sum of |weight · gradient|."""

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        return saliency(label_gradients(student, shown))
