"""Tables of tokens on disk; of pixels see students/test_pixels.py and train/test_of_images.py."""

from pathlib import Path

import numpy as np

from autodistill.datasets._tables import TokenTable

TABLE = TokenTable.make([[5, 6, 7], [8], [9, 10]], [[0, 0, 1], [0], [0, 1]], pad_id=1)


def test_a_batch_is_padded_to_its_longest_row() -> None:
    ids, mask, types = TABLE.batch(np.array([2, 1]))

    assert ids.tolist() == [[9, 10], [8, 1]]
    assert mask.tolist() == [[1, 1], [1, 0]]
    assert types.tolist() == [[0, 1], [0, 0]]
    assert ids.dtype == mask.dtype == types.dtype == np.int64


def test_a_table_survives_the_disk(tmp_path: Path) -> None:
    TABLE.save(tmp_path)
    back = TokenTable.open(tmp_path)

    assert (len(back), back.pad_id, back.lengths.tolist()) == (3, 1, [3, 1, 2])
    for kept, found in zip(TABLE.batch(np.arange(3)), back.batch(np.arange(3))):
        np.testing.assert_array_equal(kept, found)


def test_parts_come_longest_first_and_hold_each_row_once() -> None:
    parts = list(TABLE.in_length_order(np.array([0, 1, 2]), 2))

    assert [p.tolist() for p in parts] == [[0, 2], [1]]
