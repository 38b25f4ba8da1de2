"""The rows that the script draws, as a folder of splits that autodistill reads."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from autodistill.errors import DataError
from benchmarks.baseline.script import Ask

SELECTION_ROWS = 2000
"""Number of the script's validation rows."""
TRAIN, TEST = "train-00000-of-00001.parquet", "validation-00000-of-00001.parquet"


def write_rows(ask: Ask, place: Path) -> Path:
    """The folder with the script's train and validation rows as train.

    Its test rows are the validation split. The folder's last words are the dataset's name, by which
    autodistill knows the names of its labels.
    """
    folder = ask.root / ask.data
    if absent := [name for name in (TRAIN, TEST) if not (folder / name).is_file()]:
        raise DataError(
            f"{folder} has no {' and no '.join(absent)}. Give --root and --data so that both files "
            "are in ROOT/DATA."
        )
    table = pq.read_table(folder / TRAIN)
    if len(table) < (wanted := ask.rows + SELECTION_ROWS):
        raise DataError(
            f"{folder / TRAIN} has {len(table):,} rows; --rows {ask.rows} needs {wanted:,}, "
            f"{SELECTION_ROWS:,} of them for validation. Give fewer --rows."
        )
    drawn = pd.Series(range(len(table))).sample(wanted, random_state=0)  # as the script draws them
    target = place / ask.data
    target.mkdir(parents=True)
    pq.write_table(table.take(drawn.to_numpy()), target / "train.parquet")
    pq.write_table(pq.read_table(folder / TEST), target / "validation.parquet")
    return target
