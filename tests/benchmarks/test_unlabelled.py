"""Fine-tunings of a teacher with fewer passes than by default."""

import pytest

from autodistill.training.tuning import rate_of, tuning
from benchmarks.unlabelled import shortened


@pytest.mark.parametrize(("rows", "width"), [(80, 384), (400, 384), (770, 768)])
def test_a_share_of_the_passes_has_the_rate_of_so_many_steps(rows: int, width: int) -> None:
    whole, half = tuning(rows, width=width), shortened(0.5, rows, width=width)
    batch = whole.optimizer.knobs["batch"]

    assert half.epochs == round(whole.epochs / 2)
    assert half.optimizer.knobs["lr"] == pytest.approx(
        rate_of(half.epochs * rows / batch) * min(1.0, 384 / width)
    )
    assert half.members == whole.members
    assert half.optimizer.knobs["batch"] == batch


def test_all_passes_are_the_default() -> None:
    assert shortened(1.0, 200) == tuning(200)
