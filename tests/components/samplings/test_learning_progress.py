import numpy as np
import pytest

from autodistill.components.samplings import Known
from autodistill.components.samplings.learning_progress import LearningProgress

LABELS = np.zeros(50, dtype=np.int64)
TEACHER = np.stack([np.linspace(5, -5, 50), np.zeros(50)], axis=1).astype(np.float32)
"""The higher the row, the harder."""


def test_bins_are_equal_and_ordered_by_the_teachers_loss() -> None:
    sampling = LearningProgress(bins=5)
    sampling.begin(Known(LABELS, TEACHER))

    assert [part.tolist() for part in sampling.members] == [
        list(range(i, i + 10)) for i in range(0, 50, 10)
    ]
    assert sampling.chances().tolist() == pytest.approx([0.2] * 5)


def test_visits_follow_the_bin_whose_loss_moves() -> None:
    sampling = LearningProgress(bins=5, epsilon=0.1)
    sampling.begin(Known(LABELS, TEACHER))
    for loss in (1.0, 0.0):
        sampling.hear(
            np.arange(50), np.where(np.arange(50) // 10 == 2, loss, 1.0), np.ones(50, dtype=bool)
        )

    # the third bin alone has moved: nine tenths, and its share of the tenth that is drawn evenly
    assert sampling.chances().tolist() == pytest.approx([0.02, 0.02, 0.92, 0.02, 0.02])
    drawn = sampling.draw(0.5, 200, np.random.default_rng(0))
    assert (drawn // 10 == 2).mean() == pytest.approx(0.92, abs=0.06)
