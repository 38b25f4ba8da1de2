"""Mean of the F1 of every class, each class with the same weight."""

import numpy as np
from jaxtyping import Float

from autodistill.analysis.metrics import Counts, Metric, class_f1


class MacroF1(Metric):
    """Unweighted mean over the classes that are predicted or there, 0 to 1."""

    title = "macro F1"

    def of_counts(self, counts: Counts) -> Float[np.ndarray, "*many"]:
        """Mean of the classes' F1."""
        return np.asarray(class_f1(counts).sum(-1) / (counts.sum(-1) + counts.sum(-2) > 0).sum(-1))
