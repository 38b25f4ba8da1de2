"""Share of rows on which the student predicts the teacher's class: accuracy without labels."""

from autodistill.analysis.metrics.accuracy import Accuracy


class Agreement(Accuracy):
    """Rows with the teacher's class over all rows, 0 to 1; for datasets without labels."""

    title = "agreement with the teacher"
