import numpy as np
import pytest

from autodistill.components.mappings.topk_nearest import TopKNearest


@pytest.mark.parametrize(("count", "expected"), [(1, 0.15), (2, 0.3), (3, 0.6)])
def test_the_nearest_of_each_student_layer_count(count: int, expected: float) -> None:
    # nearest: 0.2 and 0.1; the two nearest: 0.2, 0.4 and 0.1, 0.5;
    # all three: 0.2, 0.4, 1.2 and 0.1, 0.5, 1.2
    mapping = TopKNearest(count=count)
    distances = np.array([0.4, 0.2, 1.2, 1.2, 0.1, 0.5])

    assert mapping.weights(mapping.pairs(2, 3), distances) @ distances == pytest.approx(expected)


def test_teacher_layers_may_change_places() -> None:
    mapping, distances = TopKNearest(count=2), np.random.default_rng(0).random((2, 4))
    other = distances[:, [2, 0, 3, 1]]

    one, two = (
        mapping.weights(mapping.pairs(2, 4), d.ravel()) @ d.ravel() for d in (distances, other)
    )

    assert one == pytest.approx(two)
