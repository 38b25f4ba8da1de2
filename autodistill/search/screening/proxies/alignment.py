"""Agreement of the gradients from the teacher and from the labels.

Source   none; related to gradient alignment in Fort et al. 2019, arXiv:1901.09491.
Idea     Where both gradients agree, distillation helps at once; where they conflict, the student
         will have to trade one for the other.
Inputs   the student as it would be trained, rows with labels and the trained teacher's logits.
Units    cosine of the two gradients, over all linear maps and convolutions: -1 to 1.
Differs  no published proxy.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from autodistill.search.screening.proxies import (
    ForwardOutput,
    Proxy,
    ask,
    label_gradients,
    with_gradients,
)

ROWS = 128
"""Number of rows used; at most twice as many."""


class Alignment(Proxy):
    """Cosine of the gradients of cross-entropy with the labels and with the teacher."""

    looks_at = "built"

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""

        part = next(shown.parts(max(1, len(shown.labels) // ROWS)))

        def soft() -> Tensor:
            assert part.answers is not None
            return F.cross_entropy(
                ask(student, **part.inputs).logits.float(), part.answers.softmax(1)
            )

        hard = torch.cat([g.flatten() for _, g in label_gradients(student, part)])
        return float(
            F.cosine_similarity(
                hard,
                torch.cat([g.flatten() for _, g in with_gradients(student, soft).values()]),
                dim=0,
            )
        )
