import numpy as np
import pytest

from autodistill.components.samplings import Known
from autodistill.components.samplings.self_paced import SelfPaced


def begun(rows: int = 4, start: float = 0.5) -> SelfPaced:
    """A teacher of bare labels: all its rows look equally easy."""
    labels = np.arange(rows) % 2
    sampling = SelfPaced(start=start, share=1.0)
    sampling.begin(Known(labels, 30.0 * np.eye(2, dtype=np.float32)[labels]))
    return sampling


def test_a_row_without_a_loss_is_of_mean_difficulty_by_hand() -> None:
    sampling = begun()

    sampling.hear(np.array([0, 2]), np.array([0.5, 1.5]), np.array([True, False]))

    assert sampling.difficulty().tolist() == [0.5, 1.0, 1.5, 1.0]


def test_the_easiest_half_is_visited_first_and_all_in_the_end() -> None:
    sampling = begun()
    sampling.hear(np.arange(4), np.array([3.0, 0.1, 2.0, 0.2]), np.ones(4, dtype=bool))
    random = np.random.default_rng(0)

    assert set(sampling.draw(0.0, 20, random)) == {1, 3}
    assert set(sampling.draw(0.5, 20, random)) == {1, 2, 3}
    assert set(sampling.draw(1.0, 20, random)) == {0, 1, 2, 3}


def test_before_the_first_loss_any_row_may_come_first() -> None:
    seen = {
        int(row) for seed in range(40) for row in begun().draw(0.0, 2, np.random.default_rng(seed))
    }

    assert seen == {0, 1, 2, 3}


@pytest.mark.parametrize("progress", [0.0, 0.3, 0.9])
def test_what_is_open_grows_as_with_pacing(progress: float) -> None:
    rows = begun(rows=100, start=0.2).draw(progress, 1000, np.random.default_rng(0))

    assert len(set(rows.tolist())) == round(100 * (0.2 + 0.8 * progress))
