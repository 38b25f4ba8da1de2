import numpy as np
import pytest

from autodistill.components.mappings.emd import EMD, flow


def test_two_layers_go_where_it_is_cheapest() -> None:
    # by hand: 1/2 from the first layer to the second column, 1/2 from the second layer to the first
    distances = np.array([[1.0, 0.2], [0.4, 0.9]])

    assert flow(distances).tolist() == [[0.0, 0.5], [0.5, 0.0]]
    assert EMD().weights(EMD().pairs(2, 2), distances.ravel()) @ distances.ravel() == pytest.approx(
        0.3
    )


def test_masses_leave_and_arrive_evenly() -> None:
    found = flow(np.random.default_rng(0).random((3, 5)))

    assert found.sum(1) == pytest.approx(np.full(3, 1 / 3))
    assert found.sum(0) == pytest.approx(np.full(5, 1 / 5))


def test_a_distance_that_is_not_a_number_moves_nothing() -> None:
    assert EMD().weights(EMD().pairs(1, 2), np.array([0.1, np.nan])).tolist() == [0.5, 0.5]


def test_the_embedding_has_no_part() -> None:
    assert EMD().pairs(1, 2) == ((1, 1), (1, 2))
