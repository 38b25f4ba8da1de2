"""Linear predictability of the teacher's logits from the untrained student.

Source   none; a linear probe in closed form (kernel ridge, each row predicted from the others).
Idea     A student that inherits weights knows something already: the part of the teacher's logits
         that a linear map predicts is a lower bound.
Inputs   the student as it would be trained, rows with the trained teacher's logits.
Units    share of the variance of the teacher's centred logits that is explained, at the best
         strength of a grid; below 0: none.
Differs  no published proxy; random weights would say nothing of weights that are inherited.
"""

from typing import Any

import torch
from torch import Tensor

from autodistill.search.screening.proxies import ForwardOutput, Proxy, mean_states

PARTS = 20
"""Number of batches of the pass."""
STRENGTHS = tuple(10.0**n for n in range(-4, 3))


class Ridge(Proxy):
    """Ridge regression on mean states of the last layer."""

    looks_at = "built"

    @torch.no_grad()
    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        assert shown.answers is not None
        return explained(
            torch.cat([mean_states(student, part) for part in shown.parts(PARTS)]), shown.answers
        )


def explained(states: Tensor, answers: Tensor) -> float:
    """Share of the answers' variance that rows predict of each other: 1 is all.

    States are (rows, width), answers (rows, classes).
    """
    x = states.double() - states.double().mean(0)
    y = answers.double() - answers.double().mean(1, keepdim=True)
    y = y - y.mean(0)
    kernel = x @ x.T
    values, basis = torch.linalg.eigh(kernel / kernel.diagonal().mean().clamp_min(1e-12))
    best = -torch.inf
    for strength in STRENGTHS:
        smooth = (
            basis @ torch.diag(values.clamp_min(0) / (values.clamp_min(0) + strength)) @ basis.T
        )
        missed = (y - smooth @ y) / (1 - smooth.diagonal()).clamp_min(1e-6).unsqueeze(1)
        best = max(best, 1 - float(missed.square().sum() / y.square().sum().clamp_min(1e-12)))
    return best
