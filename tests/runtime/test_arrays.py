"""Arrays are the bytes that numpy would save."""

from pathlib import Path

import numpy as np
import pytest

from autodistill.runtime import arrays


def test_rows_in_any_order_are_what_numpy_would_save(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    values = draw.normal(size=(50, 3)).astype(np.float16)
    with arrays.RowFile(tmp_path / "rows.npy", np.float16, (50, 3)) as file:
        for rows in np.array_split(draw.permutation(50), 7):
            file.write(rows, values[rows])
    np.save(tmp_path / "numpy.npy", values)

    assert (tmp_path / "rows.npy").read_bytes() == (tmp_path / "numpy.npy").read_bytes()


@pytest.mark.parametrize(
    "array", [np.int64(7), np.zeros((0, 3)), np.arange(12).reshape(3, 4).T, np.array(["a", "b"])]
)
def test_an_array_is_what_numpy_would_save(array: object, tmp_path: Path) -> None:
    arrays.save(tmp_path / "ours.npy", array)
    np.save(tmp_path / "numpy.npy", array)  # type: ignore[arg-type]

    assert (tmp_path / "ours.npy").read_bytes() == (tmp_path / "numpy.npy").read_bytes()
