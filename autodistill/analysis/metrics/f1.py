"""F1 of the class with index 1, for two classes."""

import numpy as np
from jaxtyping import Float

from autodistill.analysis.metrics import MarginMetric, class_f1
from autodistill.analysis.resampling import Margins


class F1(MarginMetric):
    """Harmonic mean of precision and recall of class 1, 0 to 1.

    0 when class 1 is neither predicted nor present.
    """

    title = "F1"

    def of_margins(self, margins: Margins) -> Float[np.ndarray, "*many"]:
        """2 TP / (2 TP + FP + FN)."""
        each = class_f1(margins)
        return each[..., 1] if each.shape[-1] > 1 else np.zeros(each.shape[:-1])
