import numpy as np
import pytest

from autodistill.components.samplings import Known
from autodistill.components.samplings.pacing import Pacing

LABELS = np.zeros(10, dtype=np.int64)
TEACHER = np.stack([np.linspace(5, -5, 10), np.zeros(10)], axis=1).astype(np.float32)
"""The higher the row, the harder."""


def test_the_share_grows_from_its_start_to_all() -> None:
    pacing = Pacing(start=0.2, share=0.5, power=1.0)

    assert [pacing.open_share(t) for t in (0.0, 0.25, 0.5, 0.75, 1.0)] == pytest.approx(
        [0.2, 0.6, 1.0, 1.0, 1.0]
    )
    assert Pacing(start=0.2, share=1.0, power=2.0).open_share(0.5) == pytest.approx(0.4)


@pytest.mark.parametrize(("order", "first"), [("easy", [0, 1, 2]), ("hard", [7, 8, 9])])
def test_the_first_rows_are_the_easiest_or_the_hardest(order: str, first: list[int]) -> None:
    pacing = Pacing(order=order, start=0.3)
    pacing.begin(Known(LABELS, TEACHER))

    assert sorted(set(pacing.draw(0.0, 6, np.random.default_rng(0)).tolist())) == first
    assert (
        len(set(pacing.draw(1.0, 10, np.random.default_rng(0)).tolist())) > 7
    )  # in the end all may come, the others first


def test_the_control_begins_with_a_few_rows_of_any_kind() -> None:
    labels = np.zeros(100, dtype=np.int64)
    teacher = np.stack([np.linspace(5, -5, 100), np.zeros(100)], axis=1).astype(np.float32)
    pacing = Pacing(order="random", start=0.3)
    pacing.begin(Known(labels, teacher))

    drawn = pacing.draw(0.0, 30, np.random.default_rng(0))

    assert len(set(drawn.tolist())) == 30
    assert drawn.mean() == pytest.approx(49.5, abs=15)
