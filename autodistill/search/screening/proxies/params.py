"""Number of parameters.

Source   none needed.
Idea     On published tables of students it ranks as well as most proxies: the baseline to beat.
Inputs   a student.
Units    parameters.
Differs  in nothing.
"""

from typing import Any

from autodistill.search.screening.proxies import ForwardOutput, Proxy


class Params(Proxy):
    """All parameters, embeddings included."""

    looks_at = "shape"

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The number of parameters."""
        return float(sum(p.numel() for p in student.parameters()))
