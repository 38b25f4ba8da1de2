"""Datasets and spaces in memory, kept once as files of the cache that content names.

From then on it is a file like any other: a study of it can be gone on with, and a recipe names it.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import tomli_w

from autodistill.datasets._arrow import from_arrow
from autodistill.datasets._folder import assign_roles
from autodistill.datasets._table import Table, choose_columns
from autodistill.errors import DataError, SpecError
from autodistill.runtime import files
from autodistill.runtime.cache import home, once

KINDS = (
    "a dataset is a name, a path, a pandas DataFrame, a datasets.Dataset, either of them by split, "
    "or a pair of lists (texts, labels)"
)


@runtime_checkable
class HubDataset(Protocol):
    """A `datasets.Dataset`, as far as it is looked at here."""

    features: Any

    def with_format(self, kind: str, /) -> Any: ...
    def __len__(self) -> int: ...


Frame = pd.DataFrame | HubDataset
Data = (
    str
    | os.PathLike[str]
    | Frame
    | Mapping[str, pd.DataFrame]
    | Mapping[str, HubDataset]
    | tuple[Sequence[str], Sequence[object]]
)
"""A dataset as a person gives it."""
Pool = str | os.PathLike[str] | Frame | Sequence[str] | Sequence[tuple[str, str]]
"""Unlabelled rows as a person gives them."""


def keep_rows(data: Data, columns: Mapping[str, str]) -> str:
    """The name or path of this dataset; rows in memory are written first.

    Raises SpecError or DataError.
    """
    match data:
        case str() | os.PathLike():
            return os.fspath(data)
        case Mapping():
            tables = {
                str(split): _table(part, f"the split {split}") for split, part in data.items()
            }
            stem = "splits"
        case _:
            tables = {"train": _table(data, "the dataset")}
            stem = "lists" if isinstance(data, tuple) else "frame"
    roles, _ = assign_roles(list(tables))
    if "train" not in roles:
        raise DataError(f"the dataset has no train split; there is: {', '.join(tables) or 'none'}.")
    choice = choose_columns(tables[roles["train"]], columns)
    wanted = [name for name in (choice.text, choice.pair, choice.label) if name is not None]
    found = {split: _arrow(table, wanted) for split, table in tables.items()}
    digest = hashlib.sha256()
    for split, table in found.items():
        digest.update(
            repr((split, table.schema.metadata, table.to_pydict())).encode("utf-8", "replace")
        )
    return _written(found, f"{stem}-{digest.hexdigest()[:16]}")


def keep_pool(data: Pool) -> str:
    """The name or path of unlabelled rows; rows in memory are written first.

    Raises SpecError or DataError.
    """
    match data:
        case str() | os.PathLike():
            return os.fspath(data)
        case pd.DataFrame() | HubDataset():
            table = _table(data, "the unlabelled rows")
        case _:
            table = _texts(data)
    found = _arrow(table, tuple(table.columns))
    digest = hashlib.sha256(repr(found.to_pydict()).encode("utf-8", "replace")).hexdigest()[:16]
    return _written({"unlabelled": found}, f"unlabelled-{digest}")


def keep_space(space: str | os.PathLike[str] | Mapping[str, Any]) -> str:
    """The name or path of this space; one in memory, laid out as a file, is written first."""
    if not isinstance(space, Mapping):
        return os.fspath(space)
    try:
        text = tomli_w.dumps(dict(space))
    except (TypeError, ValueError) as error:
        raise SpecError(f"the space cannot be written as TOML: {error}.") from None
    folder = home() / "spaces" / hashlib.sha256(text.encode()).hexdigest()[:16]
    once(folder, lambda draft: files.write_text(draft / "own.toml", text))
    return str(folder / "own.toml")


def _written(tables: Mapping[str, pa.Table], name: str) -> str:
    """The folder of these tables in the cache, a file each."""
    folder = home() / "datasets" / name

    def write(draft: Path) -> None:
        for split, table in tables.items():
            with files.draft(draft / f"{split}.parquet") as place:
                pq.write_table(table, place)

    once(folder, write)
    return str(folder)


def _table(data: object, where: str) -> Table:
    """Columns of plain values; raises SpecError for no table, DataError for a bad one."""
    match data:
        case pd.DataFrame():
            names = [str(name) for name in data.columns]
            if len(set(names)) < len(names):
                raise DataError(f"{where} has a column twice: {', '.join(names)}; rename one.")
            columns = {name: _values(data.iloc[:, i], where, name) for i, name in enumerate(names)}
            return Table(columns, range(1, len(data) + 1), where)
        case (first, second):
            return _pair(first, second)
        case HubDataset():
            schema = data.features.arrow_schema
            rows = data.with_format("arrow")[:].replace_schema_metadata(schema.metadata)
            return from_arrow(rows, where)
    raise SpecError(f"{KINDS}; {where} is {_a(data)}.")


def _pair(texts: Any, labels: Any) -> Table:
    where = "the pair of lists"
    for part, name in ((texts, "texts"), (labels, "labels")):
        if isinstance(part, str) or not hasattr(part, "__len__") or not hasattr(part, "__iter__"):
            raise SpecError(f"{KINDS}; of this pair, the {name} are {_a(part)}.")
    if len(texts) != len(labels):
        raise DataError(
            f"{where} has {len(texts)} texts and {len(labels)} labels; give a label for each text."
        )
    columns = {
        **_text_columns(_values(texts, where, "text")),
        "label": _values(labels, where, "label"),
    }
    return Table(columns, range(1, len(texts) + 1), where)


def _texts(data: object) -> Table:
    """A list of texts, or of pairs of texts, as a table; raises SpecError."""
    where = "the list of unlabelled rows"
    is_listed = hasattr(data, "__iter__") and not isinstance(data, Mapping)
    values = _values(data, where, "text") if is_listed else []
    columns = _text_columns(values)
    if values and ("text" not in columns or all(v is None or isinstance(v, str) for v in values)):
        return Table(columns, range(1, len(values) + 1), where)
    raise SpecError(
        "unlabelled rows are a name, a path, a pandas DataFrame, a datasets.Dataset, or a list of "
        f"texts or of pairs of texts; this is {_a(data)}"
        f"{' without any' if is_listed and not values else ''}."
    )


def _text_columns(values: list[Any]) -> dict[str, list[Any]]:
    """The column of texts, or the two of pairs."""
    if values and all(isinstance(v, tuple | list) and len(v) == 2 for v in values):
        return {"text1": [pair[0] for pair in values], "text2": [pair[1] for pair in values]}
    return {"text": values}


def _values(column: Any, where: str, name: str) -> list[Any]:
    """Plain Python values, None for what is missing."""
    plain: Callable[[], list[Any]] = getattr(column, "tolist", lambda: list(column))
    return [None if is_missing(v) else v for v in plain()]


def is_missing(value: object) -> bool:
    """None, NaN or pandas' NA."""
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)


def _arrow(table: Table, wanted: Sequence[str]) -> pa.Table:
    """The columns that are needed, with the names of the classes where they are declared."""
    kept = {name: table.columns[name] for name in wanted if name in table.columns}
    try:
        made = pa.table({name: pa.array(list(values)) for name, values in kept.items()})
    except UnicodeEncodeError as error:
        raise DataError(
            f"{table.where}: a text holds half a character, such as half an emoji "
            f"({error.object[error.start : error.end]!r}); replace it: "
            "text.encode('utf-8', 'replace').decode()"
        ) from None
    except (pa.ArrowException, TypeError, OverflowError) as error:
        raise DataError(
            f"{table.where}: its columns {', '.join(kept)} hold values of several kinds "
            f"({str(error).splitlines()[0]}); give texts, and labels of one kind."
        ) from None
    declared = {
        name: {"names": list(table.label_names[name]), "_type": "ClassLabel"}
        for name in kept
        if name in table.label_names
    }
    if not declared:
        return made
    info = json.dumps({"info": {"features": declared}})
    return made.replace_schema_metadata({"huggingface": info})


def _a(thing: object) -> str:
    return f"a {type(thing).__name__}"
