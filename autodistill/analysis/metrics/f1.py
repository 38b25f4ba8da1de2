"""F1 of the class with index 1, for two classes."""

import numpy as np
from jaxtyping import Float

from autodistill.analysis.metrics import Counts, Metric, class_f1


class F1(Metric):
    """Harmonic mean of precision and recall of class 1, 0 to 1; 0 when class 1 is neither predicted nor there."""

    title = "F1"

    def of_counts(self, counts: Counts) -> Float[np.ndarray, "*many"]:
        """2 TP / (2 TP + FP + FN)."""
        return class_f1(counts)[..., 1] if counts.shape[-1] > 1 else np.zeros(counts.shape[:-2])
