"""Number of layers.

Source   none needed.
Idea     Among students of one size the deeper one is often the better.
Inputs   a student.
Units    layers of a transformer; convolutions and the head of a residual network.
Differs  in nothing.
"""

from typing import Any

from autodistill.search.screening.proxies import ForwardOutput, Proxy


class Depth(Proxy):
    """Depth as given by the config."""

    looks_at = "shape"

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The number of layers."""
        return float(getattr(student.config, "depth", student.config.num_hidden_layers))
