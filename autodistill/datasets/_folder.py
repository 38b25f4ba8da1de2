"""A folder with one file per split, or several shards of one split."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autodistill.datasets._files import READERS, read_file, split_name
from autodistill.datasets._source import ReadOptions, Splits
from autodistill.datasets._table import Table, choose_columns, to_split
from autodistill.errors import DataError
from autodistill.runtime.cache import check_kept

ROLES = {
    "train": ("train",),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test",),
}


def assign_roles(names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Split names by role, and notes on the splits without a role.

    An exact name wins, then the first in alphabetical order that begins with it.
    """
    roles: dict[str, str] = {}
    for role, beginnings in ROLES.items():
        found = [n for n in sorted(names) if n.lower().startswith(beginnings)]
        if found:
            roles[role] = next((n for n in found if n.lower() in beginnings), found[0])
    spare = sorted(set(names) - set(roles.values()))
    return roles, [f"split{'s' * (len(spare) > 1)} not used: {', '.join(spare)}"] if spare else []


def read_folder(folder: Path, options: ReadOptions) -> Splits:
    """The splits of a folder; raises DataError when there is no train split."""
    check_kept(folder)
    files: dict[str, list[Path]] = {}
    try:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in READERS:
                files.setdefault(split_name(path), []).append(path)
    except OSError as error:
        raise DataError(
            f"cannot read the folder {folder}: {error.strerror}; "
            "check the path and its permissions."
        ) from error
    roles, notes = assign_roles(list(files))
    if "train" not in roles:
        inside = sorted(files) or sorted(p.name + "/" for p in folder.iterdir() if p.is_dir())
        raise DataError(
            f"{folder} has no train split; it contains: {', '.join(inside) or 'no data file'}. "
            f"Name its files train, validation and test ({', '.join(READERS)}), or give one file."
        )
    tables = {role: _join([read_file(p) for p in files[name]]) for role, name in roles.items()}
    found = from_tables(tables, options, str(folder), notes)
    return found if found.label_names else replace(found, label_names=_class_file(folder))


def _class_file(folder: Path) -> tuple[str, ...]:
    """Names of the classes 0, 1, ..., one a line of classes.txt; empty without it."""
    file = folder / "classes.txt"
    return (
        tuple(
            line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
        )
        if file.is_file()
        else ()
    )


def from_tables(
    tables: Mapping[str, Table], options: ReadOptions, source: str, notes: Sequence[str] = ()
) -> Splits:
    """Splits from tables by role; the train table decides about the columns."""
    choice = choose_columns(tables["train"], options.columns)
    splits = {role: to_split(table, choice) for role, table in tables.items()}
    return Splits(
        splits, source, tables["train"].label_names.get(choice.label, ()), notes=tuple(notes)
    )


def _join(shards: list[Table]) -> Table:
    if len(shards) == 1:
        return shards[0]
    first = shards[0]
    for shard in shards[1:]:
        if set(shard.columns) != set(first.columns):
            raise DataError(
                f"{shard.where} has other columns than {first.where}: "
                f"{', '.join(shard.columns)}; give all shards the same columns."
            )
    columns = {
        name: [value for shard in shards for value in shard.columns[name]] for name in first.columns
    }
    rows = [row for shard in shards for row in shard.rows]
    return Table(columns, rows, f"{first.where} and {len(shards) - 1} more", first.label_names)
