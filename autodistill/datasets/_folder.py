"""A folder with one file per split, or several shards of one split."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autodistill.datasets._encoding import text_of
from autodistill.datasets._files import BY_SPLIT, ending, read_file, split_name
from autodistill.datasets._images import is_hidden
from autodistill.datasets._kinds import read_bytes
from autodistill.datasets._labels import some
from autodistill.datasets._notes import named_elsewhere
from autodistill.datasets._saved import is_saved, read_saved
from autodistill.datasets._source import ReadOptions, Splits
from autodistill.datasets._table import Table, choose_columns, to_split
from autodistill.datasets._text import shows_nothing
from autodistill.datasets._unlabelled import unlabelled_splits
from autodistill.errors import DataError

ROLES = {
    "train": ("train",),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test",),
    "unlabelled": ("unlabelled", "unlabeled", "unsupervised"),
}
LABELLED = ReadOptions()
"""Reading of a labelled dataset."""
SHARD = re.compile(r"-(\d+)-of-(\d+)$")


def assign_roles(
    names: Sequence[str], options: ReadOptions = LABELLED
) -> tuple[dict[str, str], list[str]]:
    """Split names by role, and notes on the splits without a role.

    An exact name wins, then the first in alphabetical order that begins with it. Where unlabelled
    rows are read, every split is its own role.
    """
    if options.beside is not None:
        return {name: name for name in sorted(names)}, []
    roles: dict[str, str] = {}
    for role, beginnings in ROLES.items():
        if role == "unlabelled" and not options.own_pool:
            continue
        found = [n for n in sorted(names) if n.lower().startswith(beginnings)]
        if found:
            roles[role] = next((n for n in found if n.lower() in beginnings), found[0])
    spare = sorted(set(names) - set(roles.values()))
    return roles, [f"split{'s' * (len(spare) > 1)} not used: {', '.join(spare)}"] if spare else []


def read_folder(folder: Path, options: ReadOptions) -> Splits:
    """The splits of a folder; raises DataError when there is no train split."""
    files: dict[str, list[Path]] = {}
    if is_saved(folder):
        return _from_saved(folder, options)
    try:
        for path in sorted(folder.iterdir()):
            if ending(path) in BY_SPLIT and not is_hidden(path) and not path.is_dir():
                files.setdefault(split_name(path), []).append(path)
    except OSError as error:
        raise DataError(
            f"cannot read the folder {folder}: {error.strerror}; "
            "check the path and its permissions."
        ) from error
    roles, notes = assign_roles(list(files), options)
    if not roles or not (options.beside or "train" in roles):
        inside = sorted(files) or sorted(
            p.name + "/" * p.is_dir() for p in folder.iterdir() if not is_hidden(p)
        )
        if options.beside:
            raise DataError(
                f"{folder} has no file that is read; it contains: {some(inside, 8) or 'nothing'}. "
                f"Save the unlabelled rows there as {', '.join(BY_SPLIT)}, or give one file."
            )
        raise DataError(
            f"{folder} has no train split; it contains: {some(inside, 8) or 'no data file'}. "
            f"Name its files train, validation and test ({', '.join(BY_SPLIT)}), or give one file."
        )
    for name in roles.values():
        notes += check_shards(files[name])
    tables = {role: _join([read_file(p) for p in files[name]]) for role, name in roles.items()}
    found = from_tables(tables, options, str(folder), notes)
    return (
        found
        if found.label_names
        else replace(found, label_names=_declared(_class_file(folder), f"{folder}/classes.txt"))
    )


def _from_saved(folder: Path, options: ReadOptions) -> Splits:
    tables = read_saved(folder)
    roles, notes = assign_roles(list(tables), options)
    if not options.beside and "train" not in roles:
        raise DataError(
            f"{folder} (written by save_to_disk) has no train split; it contains: "
            f"{', '.join(tables)}. Name another folder."
        )
    used = {role: tables[name] for role, name in roles.items()}
    return from_tables(used, options, str(folder), notes)


def check_shards(files: Sequence[Path]) -> list[str]:
    """A note on parts of a split that are missing; raises DataError for two files of one name."""
    parts = [m for path in files if (m := SHARD.search(path.name.partition(".")[0]))]
    if len(files) > 1 and (len(parts) < len(files) or len({ending(p) for p in files}) > 1):
        raise DataError(
            f"{files[0].parent} has {len(files)} files for one split: "
            f"{', '.join(p.name for p in files)}; keep one of them."
        )
    expected = max((int(m[2]) for m in parts), default=0)
    if expected > len(files):
        return [f"only {len(files)} of {expected} parts of {split_name(files[0])} are there"]
    return []


def _class_file(folder: Path) -> tuple[str, ...]:
    """Names of the classes 0, 1, ..., one a line of classes.txt; empty without it."""
    file = folder / "classes.txt"
    if not file.is_file():
        return ()
    text, _ = text_of(read_bytes(file), file)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _declared(names: tuple[str, ...], where: str) -> tuple[str, ...]:
    """The names of the classes; raises DataError where two are the same or one is blank."""
    if wrong := [name for name in names if shows_nothing(name) or names.count(name) > 1]:
        raise DataError(
            f"{where} declares the class {wrong[0]!r} "
            f"{'without a name' if shows_nothing(wrong[0]) else 'twice'}; give each one a name."
        )
    return names


def from_tables(
    tables: Mapping[str, Table], options: ReadOptions, source: str, notes: Sequence[str] = ()
) -> Splits:
    """Splits from tables by role; the train table decides about the columns."""
    if options.beside is not None:
        splits, more = unlabelled_splits(tables, options.beside, options.columns, source)
        read = [note for table in tables.values() for note in table.notes]
        return Splits(splits, source, notes=(*read, *more, *notes))
    labelled = {role: table for role, table in tables.items() if role != "unlabelled"}
    train = tables["train"]
    choice = choose_columns(train, options.columns)
    splits = {role: to_split(table, choice) for role, table in labelled.items()}
    if labelled != tables:
        own = {"unlabelled": tables["unlabelled"]}
        splits |= unlabelled_splits(own, splits["train"], options.columns, source)[0]
    declared = _declared(train.label_names.get(choice.label, ()), train.where)
    for table in labelled.values():
        if table.label_names.get(choice.label, declared) != declared:
            raise DataError(
                f"{table.where} declares other classes than {train.where}, or in another order: "
                f"{some(table.label_names[choice.label])}; the train split has: "
                f"{some(declared) or 'none'}. Write both with the same ones."
            )
    read = [note for table in tables.values() for note in table.notes]
    named = [] if declared else named_elsewhere(train, choice)
    return Splits(splits, source, declared, notes=(*read, *named, *notes))


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
        if shard.label_names != first.label_names:
            raise DataError(
                f"{shard.where} declares other classes than {first.where}, or in another order; "
                "write both with the same ones."
            )
    columns = {
        name: [value for shard in shards for value in shard.columns[name]] for name in first.columns
    }
    rows = [row for shard in shards for row in shard.rows]
    return Table(
        columns,
        rows,
        f"{first.where} and {len(shards) - 1} more",
        first.label_names,
        frozenset().union(*(shard.repeated for shard in shards)),
        tuple(dict.fromkeys(note for shard in shards for note in shard.notes)),
        first.header_line,
    )
