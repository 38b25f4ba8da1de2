from itertools import pairwise

import numpy as np
import pytest

from autodistill.components.mappings.spectral import Spectral


def chosen(spectrum: tuple[float, ...], n_student: int) -> list[int]:
    """Teacher layers, student layer by student layer."""
    mapping = Spectral()
    mapping.choose_by(spectrum)
    return [j for _, j in mapping.pairs(n_student, len(spectrum) - 1)]


def test_layers_are_chosen_where_the_teacher_changes() -> None:
    # all of the change is between layers 4 and 6
    assert chosen((0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 6.0), 2) == [0, 5, 6]


def test_an_even_change_is_spread_evenly() -> None:
    assert chosen(tuple(float(n) for n in range(13)), 4) == [0, 3, 6, 9, 12]


def test_going_back_is_change_too() -> None:
    assert chosen((0.0, 4.0, 0.0, 0.0, 0.0), 2) == [0, 1, 4]


@pytest.mark.parametrize(
    "spectrum", [(), (1.0,) * 13, (1.0, 2.0)], ids=["none", "flat", "of another depth"]
)
def test_without_a_profile_it_is_the_even_spread(spectrum: tuple[float, ...]) -> None:
    mapping = Spectral()
    mapping.choose_by(spectrum)

    assert [j for _, j in mapping.pairs(4, 12)] == [0, 3, 6, 9, 12]


def test_no_teacher_layer_comes_twice_whatever_the_profile() -> None:
    draw = np.random.default_rng(0)
    for n_teacher in range(1, 12):
        for n_student in range(1, n_teacher + 1):
            found = chosen(tuple(draw.random(n_teacher + 1) ** 4), n_student)

            assert all(a < b for a, b in pairwise(found))
            assert (found[0], found[-1]) == (0, n_teacher)
