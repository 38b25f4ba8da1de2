import numpy as np

from autodistill.components.transfers import Known
from autodistill.components.transfers.confident import Confident

MARGINS = np.array([4.0, 3.0, 2.0, 1.0, 0.4, 0.3, 0.2, 0.1])
LABELS = np.array([0, 0, 0, 0, 1, 1, 1, 1])
TEACHER = (MARGINS[:, None] * np.eye(2)[LABELS]).astype(np.float32)


def begun(keep: float) -> Confident:
    transfer = Confident(keep=keep)
    transfer.begin(Known(LABELS, TEACHER))
    return transfer


def test_the_surest_rows_of_every_class_are_kept() -> None:
    # class 1 is unsure everywhere; by confidence alone it would be left out
    assert begun(0.5).kept.tolist() == [0, 1, 4, 5]


def test_all_rows_are_kept_at_one() -> None:
    assert begun(1.0).kept.tolist() == list(range(8))


def test_rows_that_are_left_out_never_come() -> None:
    drawn = begun(0.5).draw(0.0, 40, np.random.default_rng(0))

    assert np.bincount(drawn, minlength=8).tolist() == [10, 10, 0, 0, 10, 10, 0, 0]
