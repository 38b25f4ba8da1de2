"""A table of rows, and the choice of its text and label columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autodistill.datasets._header import looks_like_a_row
from autodistill.datasets._images import COLUMNS as IMAGES
from autodistill.datasets._images import are_images, named, read_images
from autodistill.datasets._source import RawSplit
from autodistill.errors import DataError, SpecError, choose_from

PAIRS = (
    ("sentence1", "sentence2"),
    ("premise", "hypothesis"),
    ("question", "sentence"),
    ("question1", "question2"),
    ("text1", "text2"),
    ("text_a", "text_b"),
)
TEXTS = (
    "text",
    "sentence",
    "content",
    "review",
    "body",
    "document",
    "title",
    "tweet",
    "comment",
    "message",
    "utterance",
    "query",
)
LABELS = (
    "label",
    "labels",
    "fine_label",
    "class",
    "category",
    "target",
    "sentiment",
    "y",
    "intent",
)
ROLES = ("text", "pair", "label")
FLAGS = ("0", "1", "0.0", "1.0", "false", "true")


@dataclass(frozen=True)
class Table:
    """Columns of equal length, as read."""

    columns: Mapping[str, Sequence[Any]]
    rows: Sequence[int]
    """1-based row or line number in `where`."""
    where: str
    label_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Declared class names by column, where the format carries them."""
    repeated: frozenset[str] = frozenset()
    """Names that more than one column has."""
    notes: tuple[str, ...] = ()
    """Remarks for the user about how the file was read."""
    header_line: bool = False
    """Whether the names of the columns are the first line of a text."""

    def noting(self, *notes: str) -> "Table":
        """The same table with these remarks before its own."""
        return replace(self, notes=(*notes, *self.notes))


@dataclass(frozen=True)
class Choice:
    """The columns that hold the texts and the labels."""

    text: str
    pair: str | None
    label: str


def choose_columns(table: Table, columns: Mapping[str, str]) -> Choice:
    """The columns named by the user, completed by well-known names."""
    check_named(table, columns)
    free = _free(table, columns)
    label = columns.get("label") or next((free[x] for x in LABELS if x in free), None)
    text, pair = choose_texts(table, columns, label)
    if twice := [name for name in (text, pair, label) if name in table.repeated]:
        raise DataError(
            f"{table.where} has the column '{twice[0]}' twice; rename one of them, or name another "
            "one."
        )
    if label is not None and label in (text, pair):
        raise SpecError(
            f"the column '{label}' of {table.where} is named as text and as label; name two."
        )
    if text is None:
        raise DataError(not_found("text", table, (*TEXTS, *IMAGES)))
    if label is None:
        raise DataError(not_found("label", table, LABELS))
    return Choice(text, pair, label)


def choose_texts(
    table: Table, columns: Mapping[str, str], label: str | None = None
) -> tuple[str | None, str | None]:
    """The columns of the text, or None, and of the second one where there are pairs."""
    free, text, pair = _free(table, columns), columns.get("text"), columns.get("pair")
    if text is None and pair is None:
        text, pair = next(
            ((free[a], free[b]) for a, b in PAIRS if a in free and b in free), (None, None)
        )
    if text is None:
        text = next((free[x] for x in (*TEXTS, *IMAGES) if x in free and free[x] != label), None)
    return text, pair


def _free(table: Table, columns: Mapping[str, str]) -> dict[str, str]:
    """The columns that the user did not name, by their names in small letters."""
    there = reversed(tuple(table.columns))
    return {name.lower(): name for name in there if name not in columns.values()}


def check_named(table: Table, columns: Mapping[str, str]) -> None:
    """Raises SpecError for roles that there are not, and for columns that the table lacks."""
    problems = [
        choose_from("column role", role, ROLES, "columns") for role in columns if role not in ROLES
    ]
    there = tuple(table.columns)
    missing = [(role, name) for role, name in columns.items() if name not in there]
    problems += [
        choose_from("column", name, there, f"{role} in {table.where}") for role, name in missing
    ]
    if missing and (hint := without_header(table)):
        problems.append(hint)
    if problems:
        raise SpecError(problems)


def to_split(table: Table, choice: Choice) -> RawSplit:
    """The chosen columns; the label column may be absent, the texts may not."""
    for name in (choice.text, choice.pair):
        if name is not None and name not in table.columns:
            raise DataError(
                f"{table.where} has no column '{name}', which the train split has; its columns: "
                f"{', '.join(table.columns)}. Give all splits the same columns."
            )
    pairs = None if choice.pair is None else table.columns[choice.pair]
    labels, texts = table.columns.get(choice.label), table.columns[choice.text]
    images = read_images(texts, table.where, table.rows) if are_images(texts) else None
    return RawSplit(
        texts if images is None else [named(i) for i in images],
        pairs,
        labels,
        table.where,
        table.rows,
        choice.label,
        images,
        choice.text,
        choice.pair,
    )


def without_header(table: Table) -> str:
    """A sentence on a first line that is a row, not the names of the columns; or empty."""
    names = tuple(table.columns)
    if not table.header_line or not looks_like_a_row(names, tuple(table.columns.values())):
        return ""
    return (
        f"The first line of {table.where} is read as the names of the columns, but looks like a "
        "row: write a line of names above it, such as text,label in the order of the columns."
    )


def not_found(role: str, table: Table, usual: tuple[str, ...]) -> str:
    names = ", ".join(table.columns) or "none"
    found = f"no {role} column in {table.where}; its columns: {names}."
    if hint := without_header(table):
        return f"{found} {hint}"
    if role == "label" and len(flags := _flags(table)) > 1:
        return (
            f"{found} {', '.join(flags[:8])} hold only 0 and 1, as for several labels a row, which "
            "are not supported: write one column 'label' with the name of each row's class, or "
            f"name one of them ({role}={flags[0]})."
        )
    without = (
        " If there is none, label some rows in a column of that name and leave it empty in the "
        "others: scores need labels. Or compare students with the teacher alone: --metric "
        "agreement."
        if role == "label"
        else ""
    )
    named = f"Name it (--column {role}=COLUMN), or rename it to one of: {', '.join(usual)}."
    return f"{found} {named}{without}"


def _flags(table: Table) -> list[str]:
    """The columns that hold nothing but 0 and 1, or true and false."""
    return [
        name
        for name, values in table.columns.items()
        if 0 < len({str(v).strip().lower() for v in values if not isinstance(v, list)}) <= 2
        and all(str(v).strip().lower() in FLAGS for v in values)
    ]
