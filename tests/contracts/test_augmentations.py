"""Promises of augmentations beside test_members.py.

A folder without a network is named, and none needs torch.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autodistill.datasets import Rows
from autodistill.errors import SpecError
from autodistill.registry import families
from tests.contracts.members import ALONE, OF_IMAGES


@pytest.mark.parametrize(
    "name", sorted(set(families.names("augmentations")) - set(ALONE) - set(OF_IMAGES))
)
def test_a_folder_without_its_network_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variables = families.card("augmentations", name).traits["variables"]
    for variable in variables:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(variables[0], str(tmp_path))

    rows = Rows(("one",), None, np.zeros(1, dtype=np.int64))

    with pytest.raises(
        SpecError, match=r"is not the folder of a .* model: config\.json is missing"
    ):
        families.build("augmentations", name, {}).rows(rows, 0, 0)


def test_augmentations_do_not_need_torch() -> None:
    code = """
import sys
from autodistill.registry import families
for name in families.names("augmentations"):
    families.get("augmentations", name)
sys.exit("torch" in sys.modules)
"""

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
