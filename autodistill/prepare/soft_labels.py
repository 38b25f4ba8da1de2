"""Signals from a file of soft labels instead of a network."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from autodistill.datasets import Rows
from autodistill.errors import TeacherError
from autodistill.runtime.cache import once
from autodistill.training.signals import Signals

SMALLEST = 1e-6


def record_soft_labels(file: Path, rows: Rows, label_names: tuple[str, ...], folder: Path) -> bool:
    """Write log-probabilities for these rows into `folder`; True if written now.

    Raises TeacherError.
    """
    return once(
        folder,
        lambda draft: Signals(np.log(probabilities(file, rows, label_names)), {}).save(draft),
    )


def probabilities(file: Path, rows: Rows, label_names: tuple[str, ...]) -> NDArray[np.float32]:
    """Class probabilities (rows, classes) from a file.

    Rows are matched by row id or by text, columns by label name.
    """
    table = _read(file)
    columns = {str(c).strip().lower(): c for c in table.columns}
    if missing := [n for n in label_names if n.lower() not in columns]:
        raise TeacherError(
            f"{file} has no column for the label {', '.join(missing)}; its columns are "
            f"{', '.join(map(str, table.columns))}. Rename or add the columns."
        )
    scores = (
        table[[columns[n.lower()] for n in label_names]]
        .apply(pd.to_numeric, errors="coerce")
        .to_numpy(dtype=np.float64)
    )
    if len(
        bad := np.flatnonzero(
            ~np.isfinite(scores).all(1) | (scores < 0).any(1) | (scores.sum(1) <= 0)
        )
    ):
        raise TeacherError(
            f"{file}: row {bad[0] + 2} is not a distribution over the labels "
            f"({len(bad)} such rows); "
            "give numbers from 0 to 1 in every class column."
        )
    place = _places(table, columns, rows, file)
    shares = np.clip(scores / scores.sum(1, keepdims=True), SMALLEST, 1.0)[place]
    found: NDArray[np.float32] = (shares / shares.sum(1, keepdims=True)).astype(np.float32)
    return found


def _places(
    table: pd.DataFrame, columns: dict[str, str], rows: Rows, file: Path
) -> NDArray[np.int64]:
    """The row of the file for each task row."""
    if "row" in columns and rows.origin is not None:
        ids = pd.to_numeric(table[columns["row"]], errors="coerce")
        if len(bad := np.flatnonzero(ids.isna() | (ids % 1 != 0))):
            seen = table[columns["row"]][bad[0]]
            raise TeacherError(
                f"{file}: row {bad[0] + 2} is {seen!r} in the column 'row'; "
                "give its place in the train split, from 0."
            )
        where = {int(r): i for i, r in enumerate(ids)}
        wanted: list[object] = [int(r) for r in rows.origin]
        found = [where.get(int(r), -1) for r in rows.origin]
    elif "text" in columns:
        by_text = {str(t).strip(): i for i, t in enumerate(table[columns["text"]])}
        wanted = [
            t.strip() if rows.second is None else f"{t.strip()} [SEP] {rows.second[i].strip()}"
            for i, t in enumerate(rows.first)
        ]
        found = [by_text.get(str(t), -1) for t in wanted]
    else:
        raise TeacherError(
            f"{file} has neither a column 'row' nor a column 'text', so its rows cannot be "
            f"matched; its columns are {', '.join(map(str, table.columns))}. Add one of the two."
        )
    if absent := [w for w, p in zip(wanted, found) if p < 0]:
        raise TeacherError(
            f"{file} has no soft labels for {len(absent)} of {len(rows)} training rows; "
            f"the first is {str(absent[0])[:60]!r}. Add them."
        )
    return np.asarray(found, dtype=np.int64)


def _read(file: Path) -> pd.DataFrame:
    try:
        if file.suffix.lower() == ".parquet":
            return pd.read_parquet(file)
        return pd.read_csv(
            file, sep="\t" if file.suffix.lower() == ".tsv" else ",", keep_default_na=False
        )
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise TeacherError(
            f"the teacher's file of labels {file} cannot be read: {str(error).splitlines()[0]}; "
            "write it again as CSV, TSV or parquet."
        ) from None
