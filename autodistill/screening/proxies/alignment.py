"""Whether following the teacher and following the labels pull a student the same way.

Source   none; related to gradient alignment in Fort et al. 2019, arXiv:1901.09491.
Idea     Where both pull alike, distillation is a help at once; where they do not, the student will have to choose.
Inputs   the student as it would be trained, rows with labels and with the trained teacher's answers.
Units    cosine of the two gradients, over all linear maps and convolutions: -1 to 1.
Differs  no published proxy.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from autodistill.screening.proxies import ForwardOutput, Proxy, ask, label_gradients, with_gradients

ROWS = 128
"""That are looked at, at most twice as many."""


class Alignment(Proxy):
    """Cosine of the gradients of cross-entropy with the labels and with the teacher's answers."""

    looks_at = "built"

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The formula."""

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
