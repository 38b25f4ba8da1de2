"""A folder that `save_to_disk` of the library `datasets` wrote."""

from pathlib import Path

from autodistill.datasets._arrow import from_arrow
from autodistill.datasets._table import Table
from autodistill.errors import DataError


def is_saved(folder: Path) -> bool:
    """Whether the folder holds a saved dataset, or a saved dictionary of splits."""
    return (folder / "dataset_dict.json").is_file() or (
        (folder / "state.json").is_file() and (folder / "dataset_info.json").is_file()
    )


def read_saved(folder: Path) -> dict[str, Table]:
    """The tables of the saved splits; a dataset without splits is train. Raises DataError."""
    import datasets  # a second of start-up that other files do not need

    try:
        found = datasets.load_from_disk(str(folder))
        splits = dict(found) if isinstance(found, datasets.DatasetDict) else {"train": found}
        return {name: _table(split, f"{folder}, split {name}") for name, split in splits.items()}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DataError(
            f"{folder} was written by save_to_disk and cannot be read "
            f"({str(error).splitlines()[0]}); save it again, or as parquet files."
        ) from error


def _table(split: object, where: str) -> Table:
    with_format, schema = split.with_format, split.features.arrow_schema  # type: ignore[attr-defined]
    rows = with_format("arrow")[:].replace_schema_metadata(schema.metadata)
    rows.validate(full=True)  # wrong offsets would end the process
    return from_arrow(rows, where)
