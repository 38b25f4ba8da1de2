"""Matthews correlation between predictions and labels, for skewed classes.

Source   Gorodkin 2004, Computational Biology and Chemistry 28, 367-374, for any number of classes.
"""

import numpy as np
from jaxtyping import Float

from autodistill.analysis.metrics import MarginMetric, divide
from autodistill.analysis.resampling import Margins


class Matthews(MarginMetric):
    """Correlation of predicted and true classes, -1 to 1.

    0 is chance, and also the value when all predictions are one class.
    """

    title = "Matthews correlation"

    def of_margins(self, margins: Margins) -> Float[np.ndarray, "*many"]:
        """Covariance of labels and predictions over the root of the variances' product."""
        true, guessed, total = margins.true, margins.predicted, margins.true.sum(-1)
        shared = margins.hits.sum(-1) * total - (true * guessed).sum(-1)
        spread = np.sqrt((total**2 - (true**2).sum(-1)) * (total**2 - (guessed**2).sum(-1)))
        return np.clip(divide(shared, spread), -1.0, 1.0)
