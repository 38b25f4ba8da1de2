"""Floating-point operations of a forward pass.

Source   none needed; counted by torch.utils.flop_counter.
Idea     Unlike parameters, embeddings count little and width counts by its square.
Inputs   a student, a batch.
Units    operations a row.
Differs  in nothing.
"""

from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from autodistill.search.screening.proxies import ForwardOutput, Proxy


class Flops(Proxy):
    """Operations of this batch, divided by its rows."""

    looks_at = "start"

    @torch.no_grad()
    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The number of operations per row."""
        with FlopCounterMode(display=False) as counter:
            student(**shown.inputs)
        return float(counter.get_total_flops()) / len(shown.labels)
