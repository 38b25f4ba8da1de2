"""Promises of mappings of one layer to one, beside test_members.py.

None of them needs torch.
"""

import subprocess
import sys

import pytest

from autodistill.registry import families
from autodistill.testing._mappings import DEPTHS

one_to_one = pytest.mark.parametrize("name", ["last", "skip"])


@one_to_one
def test_every_student_layer_looks_at_one_existing_teacher_layer_in_order(name: str) -> None:
    for n_student, n_teacher in DEPTHS:
        pairs = families.build("mappings", name, {}).pairs(n_student, n_teacher)

        assert [s for s, _ in pairs] == list(range(n_student + 1))
        assert [t for _, t in pairs] == sorted({t for _, t in pairs}), (
            "no teacher layer twice, none out of order"
        )
        assert all(0 <= t <= n_teacher for _, t in pairs)


@one_to_one
def test_equal_depths_are_matched_layer_by_layer(name: str) -> None:
    assert families.build("mappings", name, {}).pairs(4, 4) == (
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
    )


def test_mappings_do_not_need_torch() -> None:
    code = """
import sys
from autodistill.registry import families
for name in families.names("mappings"):
    families.get("mappings", name)
sys.exit("torch" in sys.modules)
"""

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
