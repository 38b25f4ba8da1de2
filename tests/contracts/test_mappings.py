"""What every member of the family mappings promises, over the whole folder."""

import subprocess
import sys
from itertools import product

import numpy as np
import pytest

from autodistill.registry import families

every_mapping = pytest.mark.parametrize("name", families.names("mappings"))
one_to_one = pytest.mark.parametrize("name", ["last", "skip"])
DEPTHS = [(s, t) for s, t in product(range(1, 25), repeat=2) if s <= t]


@every_mapping
def test_pairs_are_of_layers_that_exist_and_none_comes_twice(name: str) -> None:
    for n_student, n_teacher in DEPTHS:
        pairs = families.build("mappings", name, {}).pairs(n_student, n_teacher)

        assert len(pairs) == len(set(pairs)) > 0
        assert all(0 <= s <= n_student and 0 <= t <= n_teacher for s, t in pairs)


@every_mapping
def test_the_weights_of_all_pairs_add_up_to_one(name: str) -> None:
    mapping, draw = families.build("mappings", name, {}), np.random.default_rng(0)
    for n_student, n_teacher in DEPTHS[::7]:
        pairs = mapping.pairs(n_student, n_teacher)

        weights = mapping.weights(pairs, draw.random(len(pairs)))

        assert weights.shape == (len(pairs),)
        assert weights.min() >= -1e-12
        assert weights.sum() == pytest.approx(1.0)


@one_to_one
def test_every_student_layer_looks_at_one_existing_teacher_layer_in_order(name: str) -> None:
    for n_student, n_teacher in DEPTHS:
        pairs = families.build("mappings", name, {}).pairs(n_student, n_teacher)

        assert [s for s, _ in pairs] == list(range(n_student + 1))
        assert [t for _, t in pairs] == sorted({t for _, t in pairs}), (
            "no teacher layer twice, none out of order"
        )
        assert all(0 <= t <= n_teacher for _, t in pairs)


@every_mapping
def test_the_last_student_layer_looks_at_the_last_teacher_layer(name: str) -> None:
    assert all(families.build("mappings", name, {}).pairs(s, t)[-1] == (s, t) for s, t in DEPTHS)


@one_to_one
def test_equal_depths_are_matched_layer_by_layer(name: str) -> None:
    assert families.build("mappings", name, {}).pairs(4, 4) == (
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
    )


@every_mapping
@pytest.mark.parametrize("depths", [(5, 4), (0, 4)])
def test_impossible_depths_are_refused_with_both_numbers(
    name: str, depths: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match=rf"{depths[0]} layers .* teacher of {depths[1]};"):
        families.build("mappings", name, {}).pairs(*depths)


@every_mapping
def test_the_labels_are_written(name: str) -> None:
    assert {"Source", "Idea", "Inputs"} <= set(families.card("mappings", name).labels)


def test_mappings_do_not_need_torch() -> None:
    code = """
import sys
from autodistill.registry import families
for name in families.names("mappings"):
    families.get("mappings", name)
sys.exit("torch" in sys.modules)
"""

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
