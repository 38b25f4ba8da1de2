"""Texts of a study's validation rows, for a page that a person wants to hold them."""

from collections.abc import Mapping
from pathlib import Path

from autodistill.datasets import Rows
from autodistill.errors import DataError
from autodistill.prepare.rows_again import rows_again
from autodistill.report.mistakes import RowTexts
from autodistill.runtime.progress import Screen
from autodistill.study.results import StudyResult
from autodistill.study.study_differences import rows_key_of


def texts_of(
    records: Mapping[str, StudyResult], data_root: Path | None, screen: Screen
) -> dict[str, RowTexts]:
    """The texts of these studies, by name; raises DataError."""
    return {name: row_texts(record, data_root, screen) for name, record in records.items()}


def row_texts(record: StudyResult, data_root: Path | None, screen: Screen) -> RowTexts:
    """The texts of a study's validation rows; raises DataError.

    They are read where the search read them, and have to be the same still.
    """
    study = record.study
    task = rows_again(study, data_root, screen)
    if rows_key_of(study.fingerprint) != rows_key_of(task.fingerprint):
        raise DataError(
            f"--texts: {study.dataset} has changed since the study began: its texts no longer "
            "belong to the predictions. Leave --texts out, or give the data as they were."
        )
    rows = task.selection
    return RowTexts(_texts(rows), _places(rows), task.label_names)


def _texts(rows: Rows) -> tuple[str, ...]:
    if rows.second is None:
        return rows.first
    return tuple(f"{first} / {second}" for first, second in zip(rows.first, rows.second))


def _places(rows: Rows) -> tuple[int, ...]:
    if rows.origin is None:
        return tuple(range(len(rows)))
    return tuple(int(place) for place in rows.origin)
