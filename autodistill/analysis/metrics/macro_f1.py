"""Mean of the F1 of every class, each class with the same weight."""

import numpy as np
from jaxtyping import Float

from autodistill.analysis.metrics import MarginMetric, class_f1
from autodistill.analysis.resampling import Margins


class MacroF1(MarginMetric):
    """Unweighted mean over the classes that are predicted or present, 0 to 1."""

    title = "macro F1"

    def of_margins(self, margins: Margins) -> Float[np.ndarray, "*many"]:
        """Mean of the classes' F1."""
        counted = (margins.true + margins.predicted > 0).sum(-1)
        return np.asarray(class_f1(margins).sum(-1) / counted)
